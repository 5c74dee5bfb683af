/** The checkpoints of the workspaces that this run works in, each opened when it is first needed. */
import { homedir } from 'node:os';
import { Failure } from '../errors.ts';
import type { Note } from '../journal/entry.ts';
import type { Calls } from '../shadow/calls.ts';
import { type KeeperNews, type KeeperThread, openKeeperThread } from '../shadow/keeper-thread.ts';
import { openSocketFolder } from '../store/socket-folder.ts';
import { openStateHome, openWorkspaceFolder } from '../store/state-folder.ts';
import { checkGuardable } from '../workspace/check-guardable.ts';
import { locateWorkspace } from '../workspace/locate.ts';
import { waitAtMost } from './wait-at-most.ts';

export type KeepersOptions = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly copiesBase: boolean;
  /** Also of a home folder, or of a whole disk. */
  readonly guardsAny: boolean;
  write(note: Note): void;
  say(text: string): void;
};

export type Keepers = {
  /** Throws where there can be none. */
  of(root: string): Calls;
  /** What is open already. */
  find(root: string): Calls | undefined;
  /** Whether checkpoints are taken of it at all; says so where they are not. */
  isGuarded(root: string): boolean;
  close(): Promise<void>;
};

/** A checkpoint in the middle of its work is safe to leave: the next process finds it whole or not at all. */
const closingMs = 2_500;

export function openKeepers({ write, say, ...options }: KeepersOptions): Keepers {
  const threads = new Map<string, KeeperThread>();
  const guarded = new Map<string, boolean>();

  function open(root: string): KeeperThread {
    const { gitDir, gitCommonDir } = locateWorkspace(root);
    const state = openWorkspaceFolder({
      home: openStateHome(options.env),
      workspace: root,
      ...(gitCommonDir === undefined ? {} : { gitCommonDir }),
    });
    const socketFolder = openSocketFolder(options.env);
    const { copiesBase } = options;
    const place = { root, gitDir, gitCommonDir, socketFolder, copiesBase, stateFolder: state.path };
    return openKeeperThread(place, hearOf(root));
  }

  function hearOf(root: string): KeeperNews {
    let isSaid = false;
    return {
      trouble(message) {
        // It is tried again with the next checkpoint: saying it once is enough.
        if (!isSaid) say(`checkpoints of ${root}: ${message}`);
        isSaid = true;
      },
      rolledForward(reports) {
        for (const { id, written, removed, skipped } of reports) {
          const paths = { written: [...written], removed: [...removed], skipped: [...skipped] };
          write({ event: { type: 'files-restored', undo: id, ...paths, rolledForward: true } });
        }
      },
    };
  }

  function judge(root: string): boolean {
    try {
      checkGuardable(root, { homes: [homedir()], isForced: options.guardsAny });
      return true;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      say(`${error.message}, only the conversation is recorded (${error.hint})`);
      return false;
    }
  }

  return {
    of(root) {
      const thread = threads.get(root) ?? open(root);
      threads.set(root, thread);
      return thread.calls;
    },
    find: (root) => threads.get(root)?.calls,
    isGuarded(root) {
      const verdict = guarded.get(root) ?? judge(root);
      guarded.set(root, verdict);
      return verdict;
    },
    async close() {
      const closing = Promise.all([...threads.values()].map((it) => it.close()));
      await waitAtMost(closingMs, closing);
    },
  };
}
