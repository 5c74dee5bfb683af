/** Carries the origins of a text's lines over to what became of it; what is left over was written anew. */
import { type Edit, listEdits } from '../snapshot/edit-lines.ts';
import { keepMoved } from './keep-moved.ts';
import { keepReformatted } from './keep-reformatted.ts';
import type { Origin } from './origin.ts';

export type Known = { readonly lines: readonly string[]; readonly origins: readonly Origin[] };

/** Of each line, where it comes from; undefined where no line before it became it. */
export type Carried = (Origin | undefined)[];

/** Lines [from, to) before became [start, end) after. */
export type Hunk = {
  readonly from: number;
  readonly to: number;
  readonly start: number;
  readonly end: number;
};

/** One text on its way to another. `used`: lines before that live on. */
export type Carrying = {
  readonly before: Known;
  readonly after: readonly string[];
  readonly carried: Carried;
  readonly used: Set<number>;
};

/** With more changes than that nobody looks for moved blocks. */
const moveLimit = 256;

export function carryLines(before: Known, after: readonly string[]): Carried {
  if (before.lines === after) return [...before.origins];
  return carryEdits(before, after, listEdits(before.lines, after));
}

/** The same where only some lines are at hand, or what became of them is known already. */
export function carryEdits(
  before: Known,
  after: readonly string[],
  edits: readonly Edit[],
): Carried {
  const carried: Carried = new Array(after.length).fill(undefined);
  const hunks = listHunks(before, edits, carried);
  if (hunks.length === 0) return carried;
  const work: Carrying = { before, after, carried, used: new Set() };
  for (const hunk of hunks) keepReformatted(work, hunk);
  if (hunks.length <= moveLimit) keepMoved(work, hunks);
  return carried;
}

/** Only lines that stand there as they stood. */
export function carryEqual(before: Known, after: readonly string[]): Carried {
  const carried: Carried = new Array(after.length).fill(undefined);
  listHunks(before, listEdits(before.lines, after), carried);
  return carried;
}

/** Equal lines keep their origin at once. */
function listHunks(before: Known, edits: readonly Edit[], carried: Carried): Hunk[] {
  const hunks: Hunk[] = [];
  let [old, now] = [0, 0];
  const keepTo = (from: number) => {
    for (; old < from; old += 1, now += 1) carried[now] = before.origins[old];
  };
  for (const { from, to, lines } of edits) {
    keepTo(from);
    hunks.push({ from, to, start: now, end: now + lines.length });
    old = to;
    now += lines.length;
  }
  keepTo(before.lines.length);
  return hunks;
}
