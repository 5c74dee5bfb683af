/**
 * How much a test does: little every day, many times that in the soak. `npm run soak` runs the files that
 * import this one, and no others.
 */
export const isSoak = process.env['CLEW_SOAK'] === '1';

/** One for all tests of a run: the same every day, another each night, and any again by CLEW_SEED. */
export const seed = Number(process.env['CLEW_SEED'] ?? 20_261_121);

/** How long a test may take that grows. */
export const longestMs = isSoak ? 4 * 3_600_000 : 600_000;

/** CLEW_SOAK_RUNS puts another size in the place of the nightly one, for a file that is run alone. */
export function sizeOf(everyday: number, nightly: number): number {
  if (!isSoak) return everyday;
  return Number(process.env['CLEW_SOAK_RUNS'] ?? nightly);
}

const minutes = process.env['CLEW_SOAK_MINUTES'];

/** CLEW_SOAK_MINUTES ends each test of a file early that is run alone; its figures say how far it came. */
export const endsAfterMs = isSoak && minutes !== undefined ? 60_000 * Number(minutes) : undefined;

let begunMs = 0;

/** A long test must not take the time of those behind it, which then were green and had done nothing. */
export function beginTest(): void {
  begunMs = performance.now();
}

export function hasTime(): boolean {
  return endsAfterMs === undefined || performance.now() < begunMs + endsAfterMs;
}

/** What a night came to, past whatever collects the output of tests. */
export function tellFigures(what: string, figures: object): void {
  if (isSoak) process.stderr.write(`${what}: ${JSON.stringify({ seed, ...figures })}\n`);
}
