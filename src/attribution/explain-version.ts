/** Where the lines of a version come from that no checkpoint explained: by what it has in common with those known. */
import type { Carried } from './carry-lines.ts';
import { carryLines, type Known } from './carry-lines.ts';
import { connectLines } from './connect-lines.ts';
import { type Origin, unseen } from './origin.ts';

export type Relatives = {
  /** What it was made from: its parents, the first before the others. */
  readonly parents: readonly Known[];
  /** Other versions of the same file, as long as lines are left. */
  readonly others: AsyncIterable<Known> | Iterable<Known>;
  readonly rest?: Origin;
};

export async function explainVersion(
  after: readonly string[],
  { parents, others, rest = unseen }: Relatives,
): Promise<Origin[]> {
  const [first, ...more] = parents;
  const carried: Carried =
    first === undefined ? new Array(after.length).fill(undefined) : carryLines(first, after);
  for (const parent of more) {
    if (!carried.includes(undefined)) break;
    const other = carryLines(parent, after);
    for (const [at, origin] of other.entries()) carried[at] ??= origin;
  }
  if (carried.includes(undefined))
    for await (const other of others) {
      connectLines(carried, other, after);
      if (!carried.includes(undefined)) break;
    }
  return carried.map((it) => it ?? rest);
}
