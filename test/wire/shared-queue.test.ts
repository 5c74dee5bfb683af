/** The queue between the threads: order, room, sleep. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createQueue, openQueueReader, openQueueWriter } from '../../src/wire/shared-queue.ts';
import { sizeOf } from '../soak.ts';

const numRuns = sizeOf(100, 5_000);

type Step = { kind: 'write'; size: number } | { kind: 'drain'; limit: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('write' as const), size: fc.nat({ max: 300 }) }),
  fc.record({ kind: fc.constant('drain' as const), limit: fc.integer({ min: 1, max: 8 }) }),
);

test('what is written comes out, whole and in order, whatever block it lies in', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const memory = createQueue({ blocks: 4, blockBytes: 512 });
      const writer = openQueueWriter(memory, () => {});
      const reader = openQueueReader(memory);
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
    { numRuns },
  );
});

test('a full queue refuses, takes again once a block is free, and loses nothing it took', () => {
  const memory = createQueue({ blocks: 3, blockBytes: 4 * 24 + 8 });
  const writer = openQueueWriter(memory, () => {});
  const reader = openQueueReader(memory);
  let count = 0;
  while (writer.write(0, count, Buffer.alloc(8, count))) count += 1;
  expect(count).toBe(12);
  reader.drain(() => {}, 4);
  expect(writer.write(0, 0, Buffer.alloc(8))).toBe(false);
  expect(writer.taken()).toBe(4);
  reader.drain(() => {}, 1);
  expect(writer.write(0, 0, Buffer.alloc(8, count))).toBe(true);
  const seen: number[] = [];
  reader.drain((_kind, _mono, payload) => seen.push(payload[0] as number), 100);
  expect(seen).toEqual([5, 6, 7, 8, 9, 10, 11, 12]);
});

test('what is larger than a block is refused, and stands in nobody’s way', () => {
  const writer = openQueueWriter(createQueue({ blocks: 2, blockBytes: 64 }), () => {});
  expect(writer.write(0, 0, Buffer.alloc(41))).toBe(false);
  expect(writer.write(0, 0, Buffer.alloc(40))).toBe(true);
  expect(writer.write(0, 0, Buffer.alloc(40))).toBe(true);
  expect(writer.write(0, 0, Buffer.alloc(40))).toBe(false);
});

const pieces = { blocks: 31, blockBytes: 1 << 20 };
const piece = Buffer.alloc(64 << 10, 1);

function countTouched(memory: SharedArrayBuffer): number {
  return new Uint8Array(memory).findLastIndex((it) => it !== 0);
}

test('light traffic touches two blocks of many', () => {
  const memory = createQueue(pieces);
  const writer = openQueueWriter(memory, () => {});
  const reader = openQueueReader(memory);
  for (let i = 0; i < 1_000; i += 1) {
    expect(writer.write(0, i, piece)).toBe(true);
    expect(reader.drain(() => {}, 10)).toBe(1);
  }
  expect(countTouched(memory)).toBeLessThan(2.1 * pieces.blockBytes);
});

test('a reader that falls behind has all of the room, and afterwards the first of it is used again', () => {
  const memory = createQueue(pieces);
  const writer = openQueueWriter(memory, () => {});
  const reader = openQueueReader(memory);
  const seen: number[] = [];
  const take = (_kind: number, mono: number) => seen.push(mono);
  for (let i = 0; i < 1_000; i += 1) {
    expect(writer.write(0, i, piece)).toBe(true);
    if (i % 40 === 0) reader.drain(take, 100);
  }
  reader.drain(take, 100);
  expect(seen).toEqual(Array.from({ length: 1_000 }, (_, at) => at));
  expect(countTouched(memory)).toBeLessThan(5 * pieces.blockBytes);
  let count = 0;
  while (writer.write(0, count, piece)) count += 1;
  expect(count).toBeGreaterThan(30 * 15);
  seen.length = 0;
  expect(reader.drain(take, 1_000)).toBe(count);
  expect(seen).toEqual(Array.from({ length: count }, (_, at) => at));
});

test('a reader is behind when more than a block waits for it, and not when it has caught up', () => {
  const memory = createQueue({ blocks: 4, blockBytes: 4 * 24 + 8 });
  const writer = openQueueWriter(memory, () => {});
  const reader = openQueueReader(memory);
  const write = (count: number) => {
    for (let i = 0; i < count; i += 1) expect(writer.write(0, i, Buffer.alloc(8))).toBe(true);
  };
  write(8);
  expect(reader.isBehind()).toBe(false);
  write(1);
  expect(reader.isBehind()).toBe(true);
  reader.drain(() => {}, 100);
  expect(reader.isBehind()).toBe(false);
});

test('a reader that takes over goes on where the other one died', () => {
  const memory = createQueue({ blocks: 3, blockBytes: 4 * 24 + 8 });
  const writer = openQueueWriter(memory, () => {});
  for (let i = 0; i < 10; i += 1) writer.write(0, i, Buffer.alloc(8));
  openQueueReader(memory).drain(() => {}, 5);
  const seen: number[] = [];
  openQueueReader(memory).drain((_kind, mono) => seen.push(mono), 100);
  expect(seen).toEqual([5, 6, 7, 8, 9]);
});

test('a sleeping reader is woken once, and one that has work does not fall asleep', () => {
  let woken = 0;
  const memory = createQueue({ blocks: 2, blockBytes: 2048 });
  const writer = openQueueWriter(memory, () => {
    woken += 1;
  });
  const reader = openQueueReader(memory);
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
  const memory = createQueue({ blocks: 2, blockBytes: 2048 });
  const writer = openQueueWriter(memory, () => {});
  const reader = openQueueReader(memory);
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
