/** How much a shadow repository holds, and whether its last checkpoint is whole; quick however many there are. */
import { showPath } from '../snapshot/raw-path.ts';
import type { Measure } from './calls.ts';
import type { Store } from './open-store.ts';
import { measureStore } from './prune-checkpoints.ts';
import { type ReadCommit, readCommit } from './write-commit.ts';
import { listRefs, readRef } from './write-ref.ts';

/** Ids begin with the clock of whoever minted them, which may lag: the last one is near the end. */
const nearTheEnd = 20;
const shownPaths = 20;

export function measureShadow(store: Store): Measure {
  const ids = listRefs(store.gitDir, 'checkpoints');
  const last = ids
    .slice(-nearTheEnd)
    .map((id) => readOne(store, id))
    .filter((it) => it !== undefined)
    .sort((a, b) => a.number - b.number)
    .at(-1);
  return {
    checkpoints: ids.length,
    bytes: measureStore(store),
    baseBytes: store.base.reduce((sum, pack) => sum + pack.size, 0),
    ...(last === undefined ? {} : { last: describe(last) }),
  };
}

function readOne(store: Store, id: string): ReadCommit | undefined {
  const oid = readRef(store.gitDir, 'checkpoints', id);
  return oid === undefined ? undefined : readCommit(store, oid);
}

function describe({ id, at, degraded, lists }: ReadCommit): NonNullable<Measure['last']> {
  const paths = lists.uncaptured.slice(0, shownPaths).map(showPath);
  return {
    id,
    at,
    ...(degraded === undefined ? {} : { degraded }),
    uncaptured: { count: lists.uncaptured.length, paths },
  };
}
