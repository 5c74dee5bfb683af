/** What one checkpoint has that the one before it had not, and where the silence of either says nothing. */
import { type IgnoreRules, isLeftOut } from '../snapshot/ignore-rules.ts';
import { readPath } from '../snapshot/raw-path.ts';
import { diffCheckpoints } from './diff-checkpoints.ts';
import type { Rights } from './open-rights.ts';
import { openUnknown } from './open-unknown.ts';
import type { Change, Window } from './order.ts';
import { openRules } from './plan-back.ts';
import type { TreeStore } from './read-trees.ts';
import type { ReadCommit } from './write-commit.ts';

type LookedAt = Pick<ReadCommit, 'tree' | 'lists' | 'degraded'>;
export type WindowSide = LookedAt & Pick<ReadCommit, 'id'> & { readonly rights: Rights };

/** A person who undoes that much wants to go back to a checkpoint instead. */
const windowLimit = 100_000;

/** `outside`: ignore rules that no tree has. */
export function readWindow(
  store: TreeStore,
  { before, after }: { readonly before: WindowSide; readonly after: WindowSide },
  outside: IgnoreRules | undefined,
): Window {
  const changes = diffCheckpoints(store, before, after);
  return {
    id: after.id,
    isCut: changes.length > windowLimit,
    changes: markUnknown(store, { before, after }, changes.slice(0, windowLimit), outside),
  };
}

/** Where a side could not have a path, its silence is no change. */
export function markUnknown(
  store: TreeStore,
  { before, after }: { readonly before: LookedAt; readonly after: LookedAt },
  changes: readonly Change[],
  outside: IgnoreRules | undefined,
): Change[] {
  const isSilent = {
    before: openSilence(store, before, outside),
    after: openSilence(store, after, outside),
  };
  return changes.map((change): Change => {
    if (!change.before && isSilent.before(change.path)) return { ...change, unknown: 'before' };
    if (!change.after && isSilent.after(change.path)) return { ...change, unknown: 'after' };
    return change;
  });
}

/** Paths that a checkpoint could not have: not read in time, or left out by its ignore files. */
function openSilence(
  store: TreeStore,
  commit: LookedAt,
  outside: IgnoreRules | undefined,
): (path: string) => boolean {
  const isUnknown = openUnknown(commit);
  const rulesOf = openRules(store, commit, outside);
  return (shown) => {
    const path = readPath(shown);
    return isUnknown(path, false) || isLeftOut(rulesOf, path, false);
  };
}
