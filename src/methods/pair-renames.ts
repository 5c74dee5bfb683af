/** What each window changed, with the names that files had before. */
import type { FileChange } from '../attribution/fold-window.ts';
import { findRenames } from '../compare/find-renames.ts';
import type { Change, Checkpoint, Window } from '../shadow/order.ts';
import { listFollowing } from './list-following.ts';
import type { TextReader } from './open-text-reader.ts';

export function openPairing(
  checkpoints: readonly Checkpoint[],
  windows: readonly Window[],
  texts: TextReader,
): (window: string) => Promise<readonly FileChange[]> {
  const changesAt = new Map(windows.map((it) => [it.id, it.changes]));
  const placeAt = new Map(checkpoints.map((it, place) => [it.id, place]));
  return (id) => {
    const following = listFollowing(checkpoints, placeAt.get(id) ?? -1);
    const later = following.flatMap((it) => changesAt.get(it.id) ?? []);
    return pairRenames(changesAt.get(id) ?? [], later, texts);
  };
}

/** Before anybody looks for renames. */
export function listPlain(changes: readonly Change[]): FileChange[] {
  return changes.map(
    ({ path, before, after, unknown }): FileChange => ({
      path,
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after }),
      ...(unknown === 'before' ? { isUnsure: true } : {}),
    }),
  );
}

/** `later`: what the same tool calls are seen to have done only then, such as to take the old name away. */
async function pairRenames(
  changes: readonly Change[],
  later: readonly Change[],
  texts: TextReader,
): Promise<readonly FileChange[]> {
  const plain = listPlain(changes);
  const own = new Set(changes.map((it) => it.path));
  const sure = [...changes, ...later.filter((it) => !it.after && !own.has(it.path))].filter(
    ({ unknown }) => unknown === undefined,
  );
  if (!sure.some((it) => !it.before) || !sure.some((it) => !it.after)) return plain;
  const { changes: paired } = await findRenames(sure, { readBytes: texts.readBytes });
  const names = new Map(paired.map((it) => [it.path, it]));
  return plain.map((it) => {
    const found = names.get(it.path);
    const { oldPath: from, before } = found ?? {};
    return from === undefined || before === undefined ? it : { ...it, from, before };
  });
}
