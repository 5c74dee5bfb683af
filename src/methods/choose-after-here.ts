/** The session that a new one would go on from, where HEAD is now. */
import type { LayerOrigin } from '../contract/types.gen.ts';
import { chooseAfter } from '../layers/choose-after.ts';
import { readAncestry } from '../repo/read-ancestry.ts';
import type { KeptHead } from '../store/open-layer-shelf.ts';
import type { Context } from './context.ts';

export function chooseAfterHere(
  context: Context,
  heads: readonly KeptHead[],
): LayerOrigin | undefined {
  const { gitDir, gitCommonDir } = context.workspace;
  const { branch, head } = context.head();
  return chooseAfter(heads, {
    branch,
    head,
    nearest: (wanted) =>
      gitDir === undefined || gitCommonDir === undefined || head === undefined
        ? undefined
        : readAncestry(gitDir, gitCommonDir).nearest(head, wanted),
  });
}
