/** What stays of a session's layer under the branch that its state was brought along from. */
import type { DriftResolved, ShortLayer } from '../contract/types.gen.ts';

/** `stood`: as it was there, or, where nobody has kept that, as it is. */
export function leaveShort(
  stood: ShortLayer,
  { before }: Pick<DriftResolved, 'before'>,
): ShortLayer {
  const { branch: _branch, head: _head, tree, ...rest } = stood;
  const isAsItWas = stood.branch === before.branch;
  return {
    ...rest,
    state: 'forked',
    ...(before.branch === undefined ? {} : { branch: before.branch }),
    ...(before.head === undefined ? {} : { head: before.head }),
    ...(isAsItWas && tree !== undefined ? { tree } : {}),
  };
}
