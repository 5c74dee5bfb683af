/** Ids that sort by time. */
import { expect, test } from 'vitest';
import { mintUlid } from '../../src/store/ulid.ts';

test('spells the time as the specification does', () => {
  expect(mintUlid(1469918176385, new Uint8Array(10))).toBe(`01ARYZ6S41${'0'.repeat(16)}`);
  expect(mintUlid(2 ** 48 - 1, new Uint8Array(10).fill(255))).toBe('7ZZZZZZZZZZZZZZZZZZZZZZZZZ');
});

test('sorts by time, and is another each time', () => {
  const ids = [1, 2, 1000, 1e12, 1.7e12].map((it) => mintUlid(it));
  expect(ids.toSorted()).toEqual(ids);
  expect(new Set(Array.from({ length: 1000 }, () => mintUlid(5))).size).toBe(1000);
});
