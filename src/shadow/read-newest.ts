/** The checkpoint that was taken last, by whichever process. */
import type { Store } from './open-store.ts';
import type { Taken } from './order.ts';
import { type ReadCommit, readCommit } from './write-commit.ts';
import { listRefs, readRef } from './write-ref.ts';

export type Newest = { readonly number: number; readonly taken: Taken };

/** Ids begin with the clock of whoever minted them, which may lag: the highest number is near the end. */
export function readNewest(store: Store): Newest | undefined {
  let newest: ReadCommit | undefined;
  for (const id of listRefs(store.gitDir, 'checkpoints').slice(-100)) {
    const oid = readRef(store.gitDir, 'checkpoints', id);
    const commit = oid === undefined ? undefined : readCommit(store, oid);
    if (commit && (newest?.number ?? -1) < commit.number) newest = commit;
  }
  if (newest === undefined) return undefined;
  const { id, commit, tree, lists, degraded, number } = newest;
  const uncaptured = lists.uncaptured.length;
  return {
    number,
    taken: { id, commit, tree, changed: 0, uncaptured, ...(degraded ? { degraded } : {}) },
  };
}
