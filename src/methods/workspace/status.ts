/** workspace/status: which workspace this is, what is recorded of it, and what is unavailable. */
import { existsSync, realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { WorkspaceStatus } from '../../contract/types.gen.ts';
import { Failure } from '../../errors.ts';
import { askCounts, type Counts } from '../../store/index/ask-counts.ts';
import type { TraceIndex } from '../../store/index/trace-index.ts';
import { listJournals } from '../../store/journal-names.ts';
import { readJournalFile } from '../../store/journal-reader.ts';
import { readSetting } from '../../store/settings.ts';
import { measureHistory } from '../../store/shorten-history.ts';
import type { WorkspaceFolder } from '../../store/state-folder.ts';
import type { Context, Handler } from '../context.ts';
import { measureCheckpoints } from '../measure-checkpoints.ts';
import { measureContext } from '../measure-context.ts';
import { tellMoves } from '../tell-moves.ts';

type Status = WorkspaceStatus['result'];

/** More than this to take in would make a status wait. */
const backlogLimitBytes = 8 << 20;

export const workspaceStatus: Handler<'workspace/status'> = async (context) => {
  const { workspace, home } = context;
  await tellMoves(context);
  const folder = context.findFolder();
  const { gitDir, linked } = workspace;
  const about = {
    workspace: workspace.root,
    state: folder?.path ?? home,
    ...(gitDir === undefined ? {} : { repository: { ...context.head(), worktree: linked } }),
  };
  const notes = noteWorkspace(context);
  if (folder === undefined)
    return {
      ...about,
      recorders: [],
      journal: { files: 0, bytes: 0 },
      index: { state: 'missing' },
      checkpoints: { state: 'none', count: 0 },
      notes: [...notes, 'nothing is recorded here yet'],
    };
  const { index, counts, notes: more } = await lookAtIndex(context, folder);
  const { entries, sessions, turns } = counts ?? {};
  const recorders = findRecorders(context, folder);
  const tracked = await measureContext(folder, recorders);
  return {
    ...about,
    recorders,
    journal: { ...measureJournal(folder), ...(entries === undefined ? {} : { entries }) },
    history: tellHistory(context, folder),
    index: { ...index, ...(entries === undefined ? {} : { entries }) },
    checkpoints: await measureCheckpoints(context, folder),
    ...(tracked.context === undefined ? {} : { context: tracked.context }),
    ...(sessions === undefined ? {} : { sessions }),
    ...(turns === undefined ? {} : { turns }),
    notes: [...notes, ...more, ...tracked.notes],
  };
};

function tellHistory({ home }: Context, folder: WorkspaceFolder): NonNullable<Status['history']> {
  const { value } = readSetting({ home, folder: folder.path }, 'history.max_bytes');
  const { bytes } = measureHistory(folder);
  return { bytes, ...(typeof value === 'number' ? { limitBytes: value } : {}) };
}

function noteWorkspace({ workspace, env }: Context): string[] {
  const { root, gitDir } = workspace;
  const homes = [env['HOME'], env['USERPROFILE']].filter((it) => it !== undefined && it !== '');
  const notes: string[] = [];
  if (dirname(root) === root) notes.push('the workspace is the root of the file system');
  if (homes.some((it) => it === root || (existsSync(it ?? '') && realpathSync(it ?? '') === root)))
    notes.push('the workspace is your home folder');
  if (gitDir === undefined) notes.push('the workspace is no git repository');
  return notes;
}

type Seen = {
  readonly index: Status['index'];
  readonly counts?: Counts;
  readonly notes: readonly string[];
};

async function lookAtIndex(context: Context, { index: path }: WorkspaceFolder): Promise<Seen> {
  try {
    const index = await context.index();
    const state = await judgeIndex(index);
    const { notes } = index;
    if (state === 'missing') return { index: { state }, notes };
    const counts = await index.ask(askCounts);
    const bytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    return { index: { state, bytes }, counts, notes };
  } catch (error) {
    // A status says what is unavailable; it does not fail for it.
    if (!(error instanceof Failure)) throw error;
    const hint = [error.message, error.hint].filter((it) => it !== undefined).join(': ');
    return { index: { state: 'unavailable', hint }, notes: [] };
  }
}

async function judgeIndex(index: TraceIndex): Promise<'ready' | 'behind' | 'missing'> {
  const backlogBytes = index.backlogBytes();
  if (backlogBytes === undefined) return 'missing';
  if (backlogLimitBytes < backlogBytes) return 'behind';
  return (await index.catchUp()).behind ? 'behind' : 'ready';
}

function measureJournal({ journal }: WorkspaceFolder): Status['journal'] {
  const stats = listJournals(journal)
    .map((it) => statSync(it.path, { throwIfNoEntry: false }))
    .filter((it) => it !== undefined);
  const bytes = stats.reduce((sum, it) => sum + it.size, 0);
  const lastAt = Math.max(...stats.map((it) => Math.round(it.mtimeMs)));
  return { files: stats.length, bytes, ...(stats.length === 0 ? {} : { lastAt }) };
}

/** Who records now, from the first words of their journals. */
function findRecorders(context: Context, { journal }: WorkspaceFolder): Status['recorders'] {
  const running = context.running();
  const first = listJournals(journal).filter((it) => it.file === 1 && running.has(it.writer));
  return first.map((it) => readRecorder(it.path)).filter((it) => it !== undefined);
}

function readRecorder(path: string): Status['recorders'][number] | undefined {
  for (const item of readJournalFile(path)) {
    if (!('entry' in item)) continue;
    const { writer, at, event } = item.entry;
    if (event.type !== 'recording-started') return undefined;
    const { pid, label, stale } = event;
    const named = { ...(label === undefined ? {} : { label }), ...(stale && { stale }) };
    return { writer, pid, since: at, ...named };
  }
  return undefined;
}
