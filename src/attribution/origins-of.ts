/** The origins of a version's lines, as many as there are: one that nobody explained was there before. */
import type { Page } from './ledger.ts';
import { type Origin, unseen } from './origin.ts';
import { countLines, type Run, unpackRuns } from './runs.ts';

export function originsOf(page: Page | undefined, count: number): readonly Origin[] {
  return unpackRuns(runsOf(page, count));
}

export function runsOf(page: Page | undefined, count: number): readonly Run[] {
  const runs = page?.runs ?? [];
  const known = countLines(runs);
  if (known === count) return runs;
  // Known as a whole only, or not at all.
  return [[count, known === 1 ? (runs[0]?.[1] ?? unseen) : unseen]];
}
