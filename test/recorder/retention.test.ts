/** Old checkpoints go when a workspace has rested, and not before. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Note } from '../../src/journal/entry.ts';
import { openRetention } from '../../src/recorder/retention.ts';
import type { Calls } from '../../src/shadow/calls.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function openRig(prune: () => Promise<{ dropped: string[] }>) {
  const notes: Note[] = [];
  let pruned = 0;
  const calls = {
    async prune() {
      pruned += 1;
      return { ...(await prune()), bytesBefore: 20, bytesAfter: 10 };
    },
  } as unknown as Calls;
  const retention = openRetention({
    keeperOf: () => calls,
    shorten: async () => undefined,
    now: () => Date.now(),
    write: (note) => notes.push(note),
  });
  return { retention, notes, pruned: () => pruned };
}

it('five quiet minutes after a turn, once in six hours, and written down', async () => {
  const { retention, notes, pruned } = openRig(async () => ({ dropped: ['a', 'b'] }));
  retention.rest('/w');
  await vi.advanceTimersByTimeAsync(299_000);
  expect(pruned()).toBe(0);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(pruned()).toBe(1);
  expect(notes).toEqual([
    { event: { type: 'checkpoints-pruned', dropped: 2, bytesBefore: 20, bytesAfter: 10 } },
  ]);
  retention.rest('/w');
  await vi.advanceTimersByTimeAsync(3_600_000);
  expect(pruned()).toBe(1);
  await vi.advanceTimersByTimeAsync(6 * 3_600_000);
  retention.rest('/w');
  await vi.advanceTimersByTimeAsync(300_000);
  expect(pruned()).toBe(2);
});

it('a turn that begins meanwhile puts it off', async () => {
  const { retention, pruned } = openRig(async () => ({ dropped: [] }));
  retention.rest('/w');
  await vi.advanceTimersByTimeAsync(200_000);
  retention.wake('/w');
  await vi.advanceTimersByTimeAsync(600_000);
  expect(pruned()).toBe(0);
});

it('a failure is tried again after the next turn', async () => {
  let fails = true;
  const { retention, pruned } = openRig(async () => {
    if (fails) throw new Error('no space');
    return { dropped: [] };
  });
  retention.rest('/w');
  await vi.advanceTimersByTimeAsync(300_000);
  fails = false;
  retention.rest('/w');
  await vi.advanceTimersByTimeAsync(300_000);
  expect(pruned()).toBe(2);
});

it('the quiet is counted from the last turn, not from the one before it', async () => {
  const { retention, pruned } = openRig(async () => ({ dropped: [] }));
  retention.rest('/w');
  await vi.advanceTimersByTimeAsync(200_000);
  retention.rest('/w');
  await vi.advanceTimersByTimeAsync(200_000);
  expect(pruned()).toBe(0);
  await vi.advanceTimersByTimeAsync(100_000);
  expect(pruned()).toBe(1);
});
