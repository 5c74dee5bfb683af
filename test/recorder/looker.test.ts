/** What one look cannot take, the next ones take by themselves, and each tells that it has looked. */
import { expect, test } from 'vitest';
import { openLooker } from '../../src/recorder/looker.ts';
import { createQueue, openQueueReader, openQueueWriter } from '../../src/wire/shared-queue.ts';

const lines = 5_000;

test('the last of many is told of, though nobody wakes for it twice', async () => {
  const memory = createQueue({ blocks: 4, blockBytes: 1 << 20 });
  const { write } = openQueueWriter(memory, () => {});
  for (let line = 1; line <= lines; line += 1) expect(write(line, 0, Buffer.from('x'))).toBe(true);
  let last = 0;
  const seen: number[] = [];
  const ended = new Promise<void>((resolve) => {
    const looker = openLooker(openQueueReader(memory), {
      take(kind) {
        last = kind;
      },
      looked() {
        seen.push(last);
        if (last !== lines) return;
        looker.stop();
        resolve();
      },
      idle: () => {},
    });
    looker.wake();
    // One look leaves most of them: other work gets its turn.
    expect(last).toBeLessThan(lines / 2);
  });
  await ended;
  expect(seen).toEqual([...new Set(seen)].sort((one, other) => one - other));
});

test('an idle one says so once, and is woken by what is written', async () => {
  const memory = createQueue({ blocks: 2, blockBytes: 1 << 16 });
  const took: number[] = [];
  let idle = 0;
  let wake = () => {};
  const { write } = openQueueWriter(memory, () => wake());
  await new Promise<void>((resolve) => {
    const looker = openLooker(openQueueReader(memory), {
      take: (kind) => void took.push(kind),
      looked() {
        if (took.length < 2) return;
        looker.stop();
        resolve();
      },
      idle() {
        idle += 1;
        write(2, 0, Buffer.from('x'));
      },
    });
    wake = looker.wake;
    write(1, 0, Buffer.from('x'));
    looker.wake();
  });
  expect([took, idle]).toEqual([[1, 2], 1]);
});
