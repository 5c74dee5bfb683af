/** The two clocks of the house: one that people read, and one that never goes back. */
import { performance } from 'node:perf_hooks';

export type Clock = {
  /** Milliseconds since 1970; may jump. */
  readonly now: () => number;
  /** Milliseconds since some beginning; never goes back. */
  readonly mono: () => number;
};

export function openClock(): Clock {
  return { now: () => Date.now(), mono: () => performance.now() };
}
