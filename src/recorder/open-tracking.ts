/** Keeps track of what the sessions of this run have seen of their workspaces: the watch, the memory, the disk behind it. */
import { Failure } from '../errors.ts';
import type { Note } from '../journal/entry.ts';
import { readPath } from '../snapshot/raw-path.ts';
import { openSeenSpace, type SeenSpace } from '../store/state/open-seen-space.ts';
import { openStateStore, type StateStore } from '../store/state/open-state-store.ts';
import { stretchWait } from '../wire/stretch-wait.ts';
import { findTarget } from '../workspace/find-inside.ts';
import { isSame, lookAtFile, readStamp } from '../workspace/look-at-file.ts';
import { readFileWhole } from '../workspace/read-file.ts';
import { isShown } from './is-shown.ts';
import { openLeases } from './leases.ts';
import { openGlances } from './open-glances.ts';
import { openSeen, type SeenBook } from './open-seen.ts';
import { openContextWatch } from './watch-context.ts';

export type TrackingPorts = {
  /** The workspace that a session works in. */
  rootOf(session: string): string | undefined;
  /** The file of a workspace's state store; undefined where nothing is recorded. */
  stateOf(root: string): string | undefined;
  readonly pid: number;
  /** A text that went by lately. */
  textOf?(blob: string): string | undefined;
  now(): number;
  write(note: Note): void;
  say(text: string): void;
};

export type Tracking = {
  /** What each session has seen. */
  readonly seen: SeenBook;
  /** Everything that is written down, after it was. */
  watch(note: Note): void;
  /** Fulfilled when all that was watched is looked at. */
  settle(): Promise<void>;
  close(): Promise<void>;
};

type Kept = { readonly store: StateStore; readonly space: SeenSpace };

/** Larger files are not hashed for a read: they are no sources. */
const fileLimitBytes = 16 << 20;
/** A text that went by is not kept past that, whatever the bytes of its letters. */
const textLimit = 4 << 20;
const idleMs = 5 * 60_000;
const closingMs = stretchWait(1_500);

export function openTracking(ports: TrackingPorts): Tracking {
  const said = new Set<string>();

  function complain(doing: string, error: unknown): void {
    const text = `${doing} failed: ${error instanceof Error ? error.message : String(error)}`;
    if (!said.has(text)) ports.say(text);
    said.add(text);
  }

  const leases = openLeases<Kept>({
    async open(root) {
      const store = await openStore(ports.stateOf(root));
      return { store, space: openSeenSpace(store) };
    },
    close: ({ store }) => store.close(),
    idleMs,
    complain: (error) => complain('closing the state store', error),
  });

  const seen = openSeen({
    async lend(session) {
      const { thing, release } = await leases.lend(ports.rootOf(session) ?? '');
      return { space: thing.space, release };
    },
    complain,
    async wrote(sessions) {
      for (const root of new Set(sessions.map(ports.rootOf)))
        if (root !== undefined) await keepCounts(root);
    },
  });
  const glances = openGlances({
    look: (root, path) => lookAtFile(root, path, fileLimitBytes),
    stamp: readStamp,
    isSame,
    complain,
  });
  const context = openContextWatch({
    ...ports,
    book: seen,
    glances,
    inside: findTarget,
    isShown(root, path, blob) {
      const text = ports.textOf?.(blob);
      const reading =
        text === undefined ? undefined : readFileWhole(root, readPath(path), textLimit);
      return reading?.kind === 'read' && isShown(text ?? '', Buffer.from(reading.bytes));
    },
  });

  /** For `clew status`, which is another process. */
  async function keepCounts(root: string): Promise<void> {
    const { thing, release } = await leases.lend(root);
    try {
      await thing.space.count(String(ports.pid), context.counts());
    } finally {
      release();
    }
  }

  return {
    seen,
    watch: context.watch,
    settle: glances.settle,
    async close() {
      let timer: NodeJS.Timeout | undefined;
      const patience = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, closingMs);
      });
      await Promise.race([glances.settle(), patience]);
      await Promise.race([seen.close(), patience]);
      await Promise.race([leases.close(), patience]);
      clearTimeout(timer);
    },
  };
}

/** Without the native module all goes on as long as this run does; that it is missing was said for the index. */
async function openStore(path: string | undefined): Promise<StateStore> {
  if (path === undefined) return openForgetful();
  try {
    return await openStateStore(path);
  } catch (error) {
    if (error instanceof Failure && error.code === 'index-unavailable') return openForgetful();
    throw error;
  }
}

/** Loaded only where it is needed: everybody else would wait for it at the start. */
async function openForgetful(): Promise<StateStore> {
  const { openMemoryState } = await import('../store/state/open-memory-state.ts');
  return openMemoryState();
}
