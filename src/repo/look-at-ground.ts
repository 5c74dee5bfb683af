/** Looks at what became of the place that a session builds on: its history, its branch, the default branch. */
import { statSync } from 'node:fs';
import type { Ground } from '../contract/types.gen.ts';
import type { Looked } from '../drift/judge-drift.ts';
import { hasBranch } from './has-branch.ts';
import { isAncestor } from './is-ancestor.ts';
import { openObjects, type PackReader } from './open-objects.ts';
import { readDefaultBranch } from './read-default-branch.ts';
import { withoutMissing } from './without-missing.ts';

type OpenPack = (file: string) => Omit<PackReader, 'listIds'> | undefined;

/** To read the index of a larger pack takes longer than a prompt should wait. */
const indexLimitBytes = 64 << 20;

export function lookAtGround(
  commonDir: string,
  before: Ground,
  after: Ground,
  openPack: OpenPack,
): Omit<Looked, 'files'> {
  const { branch } = before;
  return {
    descends: descends(commonDir, before.head, after.head, openPack),
    isBranchGone: branch !== undefined && branch !== after.branch && !hasBranch(commonDir, branch),
    defaultBranch: readDefaultBranch(commonDir),
  };
}

function descends(
  commonDir: string,
  before: string | undefined,
  after: string | undefined,
  openPack: OpenPack,
): boolean | undefined {
  if (before === undefined || before === after) return true;
  if (after === undefined) return false;
  const objects = openObjects(commonDir, (file) => {
    const pack = isSmall(file) ? openPack(file) : undefined;
    return pack && { ...pack, listIds: () => [] };
  });
  try {
    return isAncestor(objects, before, after);
  } finally {
    objects.close();
  }
}

function isSmall(pack: string): boolean {
  const size = withoutMissing(() => statSync(pack.replace(/\.pack$/, '.idx')).size);
  return size !== undefined && size <= indexLimitBytes;
}
