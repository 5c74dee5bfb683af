/** Looks at what became of the place that a session builds on: its history, its branch, the default branch. */
import type { Ground } from '../contract/types.gen.ts';
import type { Looked } from '../drift/judge-drift.ts';
import { hasBranch } from './has-branch.ts';
import { isAncestor } from './is-ancestor.ts';
import { type ObjectsPorts, openObjects } from './open-objects.ts';
import { readDefaultBranch } from './read-default-branch.ts';

export function lookAtGround(
  commonDir: string,
  before: Ground,
  after: Ground,
  ports: ObjectsPorts,
): Omit<Looked, 'files'> {
  const { branch } = before;
  return {
    descends: descends(commonDir, before.head, after.head, ports),
    isBranchGone: branch !== undefined && branch !== after.branch && !hasBranch(commonDir, branch),
    defaultBranch: readDefaultBranch(commonDir),
  };
}

function descends(
  commonDir: string,
  before: string | undefined,
  after: string | undefined,
  ports: ObjectsPorts,
): boolean | undefined {
  if (before === undefined || before === after) return true;
  if (after === undefined) return false;
  const objects = openObjects(commonDir, ports);
  try {
    return isAncestor(objects, before, after);
  } finally {
    objects.close();
  }
}
