/** How much a shadow repository holds, and whether its last checkpoint is whole; quick however many there are. */
import { showPath } from '../snapshot/raw-path.ts';
import type { Measure } from './calls.ts';
import type { Store } from './open-store.ts';
import { measureStore } from './prune-checkpoints.ts';
import { findNewest } from './read-newest.ts';
import type { ReadCommit } from './write-commit.ts';
import { listRefs } from './write-ref.ts';

const shownPaths = 20;

export function measureShadow(store: Store): Measure {
  const ids = listRefs(store.gitDir, 'checkpoints');
  const last = findNewest(store);
  return {
    checkpoints: ids.length,
    bytes: measureStore(store),
    baseBytes: store.base.reduce((sum, pack) => sum + pack.size, 0),
    ...(last === undefined ? {} : { last: describe(last) }),
  };
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
