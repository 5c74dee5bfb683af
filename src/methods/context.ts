/** What every method is handed: this workspace, its state, and the hands that reach it. */
import { homedir } from 'node:os';
import type { Event, Methods } from '../contract/types.gen.ts';
import { Failure } from '../errors.ts';
import type { Note } from '../journal/entry.ts';
import type { Head } from '../repo/head.ts';
import { readHead } from '../repo/head.ts';
import type { Calls } from '../shadow/calls.ts';
import type { KeeperThread } from '../shadow/keeper-thread.ts';
import type { RestoreReport } from '../snapshot/restore-step.ts';
import { openClock } from '../store/clock.ts';
import type { TraceIndex } from '../store/index/trace-index.ts';
import type { JournalWriter } from '../store/journal-writer.ts';
import { readLeases } from '../store/lease.ts';
import { openSocketFolder } from '../store/socket-folder.ts';
import {
  findWorkspaceFolder,
  openStateHome,
  openWorkspaceFolder,
  type WorkspaceFolder,
} from '../store/state-folder.ts';
import { mintUlid } from '../store/ulid.ts';
import { checkGuardable } from '../workspace/check-guardable.ts';
import { locateWorkspace, type Workspace } from '../workspace/locate.ts';
import type { Door } from './door.ts';

export type Handler<M extends keyof Methods> = (
  context: Context,
  params: Methods[M]['params'],
) => Promise<Methods[M]['result']>;

export type Context = {
  readonly workspace: Workspace;
  /** Where clew keeps the state of all workspaces. */
  readonly home: string;
  readonly env: Environment;
  /** The state of this one. Throws where nothing was ever recorded. */
  folder(): WorkspaceFolder;
  /** Undefined where nothing was ever recorded. */
  findFolder(): WorkspaceFolder | undefined;
  /** The workspace's checkpoints. Opened on first use, in a thread of its own. */
  keeper(): Promise<Calls>;
  /** The name under which that is written. */
  readonly writer: string;
  /** Writes down what a method did; on the disk when it is fulfilled. */
  record(...notes: readonly Note[]): Promise<void>;
  /** A new id, and the time it stands for. */
  mint(): { readonly id: string; readonly at: number };
  head(): Head;
  /** Opened on first use: what needs no index needs no native module either. */
  index(): Promise<TraceIndex>;
  /** Writers that run now, as far as this machine can know. */
  running(): ReadonlySet<string>;
  /** Told while the index is built, for whoever waits. */
  readonly onProgress: (entries: number) => void;
  /** Told before files change: whoever is to stop had better wait until they have. */
  readonly onWriting: () => void;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
  /** Undefined where each question is a process of its own, as on the command line. */
  readonly door: Door | undefined;
  /** The state of this one, made where nothing was recorded yet. */
  makeFolder(): WorkspaceFolder;
  close(): Promise<void>;
};

type Environment = Readonly<Record<string, string | undefined>>;

export type ContextOptions = {
  /** Any folder inside the workspace. */
  readonly folder: string;
  readonly env: Environment;
  readonly onProgress?: (entries: number) => void;
  readonly onWriting?: () => void;
  /** What was found and put right on the way, and was not asked for. */
  readonly onNews?: (text: string) => void;
  /** For whoever has the workspace's checkpoints open already; it is not closed here. */
  readonly keeper?: Calls;
  /** What the index takes at once: less where the same thread has others to answer. */
  readonly entriesPerBatch?: number;
  /** The same for whoever opens them when they are first needed. */
  readonly openKeeper?: () => Calls;
  /** Writes down what belongs into another journal than the context's own; answers the rest. */
  readonly recordElsewhere?: (notes: readonly Note[]) => Promise<readonly Note[]>;
  /** For whoever stays connected. */
  readonly door?: Door;
};

export function openContext(options: ContextOptions): Context {
  const { folder, env, onProgress, keeper } = options;
  const home = openStateHome(env);
  const find = (workspace: Workspace) =>
    findWorkspaceFolder({
      home,
      workspace: workspace.root,
      ...(workspace.gitCommonDir === undefined ? {} : { gitCommonDir: workspace.gitCommonDir }),
    });
  const workspace = locateWorkspace(folder, (root) => find({ root, linked: false }) !== undefined);
  let index: Promise<TraceIndex> | undefined;
  let opened: TraceIndex | undefined;
  const clock = openClock();
  const writer = mintUlid(clock.now());
  let thread: KeeperThread | undefined;
  let openedJournal: Promise<JournalWriter> | undefined;
  const finished: Note[] = [];

  function openFolder(): WorkspaceFolder {
    const found = find(workspace);
    if (found !== undefined) return found;
    throw new Failure('no-workspace', `nothing is recorded of ${workspace.root}`, {
      data: { workspace: workspace.root, home },
      hint: 'start your agent through clew there (`clew acp -- <agent>`), or go to a folder of a workspace that is recorded',
    });
  }

  async function openOwnIndex(): Promise<TraceIndex> {
    const { openIndex } = await import('../store/index/trace-index.ts');
    const { index: path, journal } = openFolder();
    const { entriesPerBatch } = options;
    opened = await openIndex({ path, journal, ...(entriesPerBatch && { entriesPerBatch }) });
    return opened;
  }

  function makeFolder(): WorkspaceFolder {
    const { root, gitCommonDir } = workspace;
    return openWorkspaceFolder({
      home,
      workspace: root,
      ...(gitCommonDir === undefined ? {} : { gitCommonDir }),
    });
  }

  async function openOwnKeeper(): Promise<Calls> {
    const { openKeeperThread } = await import('../shadow/keeper-thread.ts');
    const { root, gitDir, gitCommonDir } = workspace;
    checkGuardable(root, { homes: [homedir()], isForced: env['CLEW_ANY_FOLDER'] === '1' });
    if (options.openKeeper !== undefined) return options.openKeeper();
    thread ??= openKeeperThread(
      {
        root,
        gitDir,
        gitCommonDir,
        stateFolder: makeFolder().path,
        socketFolder: openSocketFolder(env),
        copiesBase: env['CLEW_COPY_BASE'] === '1',
      },
      // What fails behind the answers matters to those who stay.
      { trouble: () => undefined, rolledForward: tellRolledForward },
    );
    return thread.calls;
  }

  function tellRolledForward(reports: readonly RestoreReport[]): void {
    for (const report of reports) {
      const { id, unfinished } = report;
      if (unfinished !== undefined) options.onNews?.(unfinished);
      else {
        options.onNews?.(`undo or restore ${id} was cut short, and is finished now`);
        finished.push({ event: noteRolledForward(report) });
      }
    }
  }

  async function record(notes: readonly Note[]): Promise<void> {
    const own = (await options.recordElsewhere?.(notes)) ?? notes;
    if (own.length === 0) return;
    openedJournal ??= openOwnJournal().catch((error) => {
      openedJournal = undefined;
      throw error;
    });
    const journal = await openedJournal;
    for (const note of own) journal.append(note);
    await journal.acknowledge();
  }

  async function openOwnJournal(): Promise<JournalWriter> {
    const { openJournalWriter } = await import('../store/journal-writer.ts');
    const { id, journal: own } = makeFolder();
    return openJournalWriter({ folder: own, writer, workspace: id, clock });
  }

  return {
    workspace,
    home,
    env,
    folder: openFolder,
    findFolder: () => find(workspace),
    head() {
      const { gitDir, gitCommonDir } = workspace;
      return gitDir === undefined ? {} : readHead(gitDir, gitCommonDir);
    },
    index() {
      index ??= openOwnIndex().catch((error) => {
        // Whoever stays may ask again when something is recorded, or has room.
        index = undefined;
        throw error;
      });
      return index;
    },
    running() {
      const leases = readLeases(openFolder().journal);
      const living = leases.filter((it) => it.state === 'here' || it.state === 'elsewhere');
      return new Set(living.map((it) => it.writer));
    },
    onProgress: onProgress ?? (() => undefined),
    onWriting: options.onWriting ?? (() => undefined),
    signal: neverAborted,
    door: options.door,
    makeFolder,
    keeper: async () => keeper ?? (await openOwnKeeper()),
    writer,
    record: (...notes) => record(notes),
    mint() {
      const at = clock.now();
      return { id: mintUlid(at), at };
    },
    async close() {
      opened?.close();
      await thread?.close();
      if (finished.length > 0) await record(finished).catch(tellUnrecorded);
      await (await openedJournal)?.close();
    },
  };

  function tellUnrecorded(error: unknown): void {
    if (!(error instanceof Failure)) throw error;
    options.onNews?.(`that is not in the journal: ${error.message}`);
  }
}

const neverAborted = new AbortController().signal;

function noteRolledForward({ id, written, removed, skipped }: RestoreReport): Event {
  return {
    type: 'files-restored',
    undo: id,
    written: [...written],
    removed: [...removed],
    skipped: [...skipped],
    rolledForward: true,
  };
}
