/** Times in halves are the nanoseconds that they are, and are read back as Node's own milliseconds. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openHalves, readTimeMs, writeTime } from '../../src/snapshot/time-halves.ts';

const seconds = fc.oneof(
  fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  fc.integer({ min: 1_700_000_000, max: 1_900_000_000 }),
);
const nanos = fc.oneof(
  fc.integer({ min: 0, max: 999_999_999 }),
  fc.constantFrom(0, 1, 999_999_744, 999_999_999),
);

it('writes every second and nanosecond exactly, and reads what Node would', () => {
  const column = new BigInt64Array(3);
  const halves = openHalves(column);
  let unsure = 0;
  fc.assert(
    fc.property(seconds, nanos, (second, nano) => {
      writeTime(halves, 1, second, nano);
      expect(column).toEqual(
        BigInt64Array.of(0n, BigInt(second) * 1_000_000_000n + BigInt(nano), 0n),
      );
      const ms = readTimeMs(halves, 1);
      if (Number.isNaN(ms)) {
        unsure += 1;
        // Only within a few hundred nanoseconds of a whole second.
        expect(Math.min(nano, 1_000_000_000 - nano)).toBeLessThan(1024);
      } else expect(ms).toBe(second * 1000 + nano / 1_000_000);
    }),
    { numRuns: 2000 },
  );
  expect(unsure).toBeLessThan(1500);
});

it('has nothing to compare before 1970', () => {
  const column = BigInt64Array.of(-5_000_000_000n);
  expect(readTimeMs(openHalves(column), 0)).not.toBe(-5000);
});
