/** The ring between the threads: order, room, sleep. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRing, openRingReader, openRingWriter } from '../../src/wire/ring.ts';
import { sizeOf } from '../soak.ts';

const numRuns = sizeOf(100, 5_000);

type Step = { kind: 'write'; size: number } | { kind: 'drain'; limit: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('write' as const), size: fc.nat({ max: 300 }) }),
  fc.record({ kind: fc.constant('drain' as const), limit: fc.integer({ min: 1, max: 8 }) }),
);

test('what is written comes out, whole and in order, however the ring wraps', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const memory = createRing(1024);
      const writer = openRingWriter(memory, () => {});
      const reader = openRingReader(memory);
      const expected: string[] = [];
      const seen: string[] = [];
      let count = 0;
      const take = (kind: number, mono: number, payload: Buffer) =>
        seen.push(`${kind} ${mono} ${payload.toString('latin1')}`);
      for (const it of steps) {
        if (it.kind === 'drain') {
          reader.drain(take, it.limit);
          continue;
        }
        count += 1;
        const payload = Buffer.alloc(it.size, count % 256);
        if (writer.write(count % 7, count, payload))
          expected.push(`${count % 7} ${count} ${payload.toString('latin1')}`);
      }
      reader.drain(take, Number.POSITIVE_INFINITY);
      expect(seen).toEqual(expected);
      expect(reader.sleep()).toBe(true);
    }),
    { numRuns: numRuns },
  );
});

test('a full ring refuses, takes again once there is room, and loses nothing it took', () => {
  const memory = createRing(256);
  const writer = openRingWriter(memory, () => {});
  const reader = openRingReader(memory);
  let count = 0;
  while (writer.write(0, count, Buffer.alloc(8, count))) count += 1;
  expect(count).toBe(10);
  expect(writer.write(0, 0, Buffer.alloc(8))).toBe(false);
  reader.drain(() => {}, 3);
  expect(writer.write(0, 0, Buffer.alloc(8, count))).toBe(true);
  const seen: number[] = [];
  reader.drain((_kind, _mono, payload) => seen.push(payload[0] as number), 100);
  expect(seen).toEqual([3, 4, 5, 6, 7, 8, 9, 10]);
});

test('light traffic stays in the first part of a large ring', () => {
  const memory = createRing(8 << 20);
  const writer = openRingWriter(memory, () => {});
  const reader = openRingReader(memory);
  const payload = Buffer.alloc(64 << 10, 1);
  for (let i = 0; i < 1_000; i += 1) {
    expect(writer.write(0, i, payload)).toBe(true);
    expect(reader.drain(() => {}, 10)).toBe(1);
    expect(reader.sleep()).toBe(true);
  }
  const touched = new Uint8Array(memory).findLastIndex((it) => it !== 0);
  expect(touched).toBeLessThan(2 << 20);
});

test('a reader that keeps up never sees the far end of a large ring, and a slow one has all of it', () => {
  const memory = createRing(31 << 20);
  const writer = openRingWriter(memory, () => {});
  const reader = openRingReader(memory);
  const payload = Buffer.alloc(64 << 10, 1);
  const seen: number[] = [];
  const take = (_kind: number, mono: number) => seen.push(mono);
  for (let i = 0; i < 1_000; i += 1) {
    expect(writer.write(0, i, payload)).toBe(true);
    if (i % 3 === 0) reader.drain(take, 100);
  }
  reader.drain(take, 100);
  expect(seen).toEqual(Array.from({ length: 1_000 }, (_, at) => at));
  expect(new Uint8Array(memory).findLastIndex((it) => it !== 0)).toBeLessThan(14 << 20);
  let count = 0;
  while (writer.write(0, 0, payload)) count += 1;
  expect(count).toBeGreaterThan(480);
});

test('a reader that sleeps late in the ring leaves all of its room to the writer', () => {
  const memory = createRing(8 << 20);
  const writer = openRingWriter(memory, () => {});
  const reader = openRingReader(memory);
  const payload = Buffer.alloc(64 << 10, 1);
  for (let i = 0; i < 40; i += 1) writer.write(0, i, payload);
  reader.drain(() => {}, 100);
  expect(reader.sleep()).toBe(true);
  let count = 0;
  while (writer.write(0, 0, payload)) count += 1;
  expect(count).toBe(127);
});

test('a sleeping reader is woken once, and one that has work does not fall asleep', () => {
  let woken = 0;
  const memory = createRing(4096);
  const writer = openRingWriter(memory, () => {
    woken += 1;
  });
  const reader = openRingReader(memory);
  writer.write(0, 0, Buffer.from('a'));
  expect(woken).toBe(0);
  expect(reader.sleep()).toBe(false);
  reader.drain(() => {}, 10);
  expect(reader.sleep()).toBe(true);
  writer.write(0, 0, Buffer.from('b'));
  writer.write(0, 0, Buffer.from('c'));
  expect(woken).toBe(1);
});

test('a record that breaks the reader is not met again', () => {
  const memory = createRing(4096);
  const writer = openRingWriter(memory, () => {});
  const reader = openRingReader(memory);
  writer.write(0, 0, Buffer.from('poison'));
  writer.write(0, 0, Buffer.from('good'));
  const fail = () => {
    throw new Error('broken');
  };
  expect(() => reader.drain(fail, 10)).toThrow('broken');
  const seen: string[] = [];
  reader.drain((_kind, _mono, payload) => seen.push(payload.toString()), 10);
  expect(seen).toEqual(['good']);
});
