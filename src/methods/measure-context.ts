/** Figures of what is kept track of in files that sessions have seen, for a status. */
import { existsSync } from 'node:fs';
import type { WorkspaceStatus } from '../contract/types.gen.ts';
import { Failure } from '../errors.ts';
import { openSeenSpace, type SeenCounts } from '../store/state/open-seen-space.ts';
import { openStateStore } from '../store/state/open-state-store.ts';
import type { WorkspaceFolder } from '../store/state-folder.ts';

type Status = WorkspaceStatus['result'];

/** Of all who record now, or else of the last one; nothing where that cannot be told. */
export async function measureContext(
  { state }: WorkspaceFolder,
  recorders: Status['recorders'],
): Promise<Pick<Status, 'context' | 'notes'>> {
  if (!existsSync(state)) return { notes: [] };
  try {
    const store = await openStateStore(state);
    try {
      const space = openSeenSpace(store);
      const runs = recorders.length === 0 ? [undefined] : recorders.map(({ pid }) => String(pid));
      const told = await Promise.all(runs.map((it) => space.readCounts(it)));
      const counts = told.filter((it) => it !== undefined);
      const notes = [...store.notes];
      return counts.length === 0 ? { notes } : { context: counts.reduce(addCounts), notes };
    } finally {
      await store.close();
    }
  } catch (error) {
    // A status says what is unavailable; that the native module is, it says of the index.
    if (!(error instanceof Failure)) throw error;
    return { notes: error.code === 'index-unavailable' ? [] : [error.message] };
  }
}

function addCounts(one: SeenCounts, other: SeenCounts): SeenCounts {
  const skips = { ...one.skips };
  for (const [reason, count] of Object.entries(other.skips))
    skips[reason] = (skips[reason] ?? 0) + count;
  return {
    sessions: one.sessions + other.sessions,
    files: one.files + other.files,
    reads: one.reads + other.reads,
    edits: one.edits + other.edits,
    skips,
  };
}
