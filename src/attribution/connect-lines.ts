/** Gives lines their origin back from a version that had them before they were gone for a while. */
import { listEdits } from '../snapshot/edit-lines.ts';
import type { Carried, Known } from './carry-lines.ts';
import { isDistinctive } from './text-lines.ts';

/** Only what stands in the same order there, and a line among it that is not written twice by chance. */
export function connectLines(carried: Carried, known: Known, after: readonly string[]): void {
  let [old, now] = [0, 0];
  const keepTo = (from: number) => {
    while (old < from) {
      let count = 0;
      while (old + count < from && carried[now + count] === undefined) count += 1;
      if (after.slice(now, now + count).some(isDistinctive))
        for (let at = 0; at < count; at += 1) carried[now + at] = known.origins[old + at];
      const step = Math.max(count, 1);
      old += step;
      now += step;
    }
  };
  for (const { from, to, lines } of listEdits(known.lines, after)) {
    keepTo(from);
    old = to;
    now += lines.length;
  }
  keepTo(known.lines.length);
}
