/** Origins as they are told: runs with line numbers, and how many lines are known how well. */
import type { LineRange, LineTotals } from '../contract/types.gen.ts';
import type { Origin } from './origin.ts';
import { packRuns } from './runs.ts';

/** `timeOf` the id of a step or checkpoint, for people. */
export function tellRanges(
  origins: readonly Origin[],
  timeOf: (id: string) => number | undefined,
  first = 1,
): LineRange[] {
  let start = first;
  return packRuns(origins).map(([count, origin]) => {
    const { grade, by, among, flags, seen } = origin;
    const id = by?.step ?? by?.turn ?? seen;
    const at = id === undefined ? undefined : timeOf(id);
    const range: LineRange = {
      start,
      end: start + count - 1,
      grade,
      ...(flags === undefined ? {} : { flags: [...flags] }),
      ...(by ?? {}),
      ...(among === undefined ? {} : { among: [...among] }),
      ...(seen === undefined ? {} : { seen }),
      ...(at === undefined ? {} : { at }),
    };
    start += count;
    return range;
  });
}

export function countLines(origins: readonly Origin[]): LineTotals {
  const totals = { lines: origins.length, W: 0, L: 0, X: 0, C: 0, U: 0, formatter: 0, moved: 0 };
  for (const [count, { grade, flags }] of packRuns(origins)) {
    totals[grade] += count;
    if (flags?.includes('formatter') === true) totals.formatter += count;
    if (flags?.includes('moved') === true) totals.moved += count;
  }
  return totals;
}

export function addTotals(all: readonly LineTotals[]): LineTotals {
  const sum = countLines([]);
  for (const one of all)
    for (const name of Object.keys(sum) as (keyof LineTotals)[]) sum[name] += one[name];
  return sum;
}
