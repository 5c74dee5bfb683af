/** Random tests walk the path of the seed, the same every day, so that a change is judged by what it changed. */
import fc from 'fast-check';
import { beforeEach, expect } from 'vitest';
import { beginTest, endsAfterMs, isSoak, seed, tellFigures } from './soak.ts';

fc.configureGlobal({
  seed,
  ...(endsAfterMs === undefined ? {} : { interruptAfterTimeLimit: endsAfterMs }),
});

if (isSoak) beforeEach(beginTest);

/** What each law came to, which nobody could tell from a green line when the time was over first. */
if (isSoak)
  fc.installGlobalPlugin(() => ({
    onAllRunsComplete: ({ numRuns, failed }) =>
      tellFigures(expect.getState().currentTestName ?? 'a law', {
        runs: numRuns,
        wrong: Number(failed),
      }),
  }));
