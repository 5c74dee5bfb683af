/** What is lent is opened once, closed when it rests, and never while somebody uses it. */
import { afterEach, expect, test, vi } from 'vitest';
import { openLeases } from '../../src/recorder/leases.ts';

afterEach(() => {
  vi.useRealTimers();
});

function openTold(fails = { open: false, close: false }) {
  const told: string[] = [];
  const leases = openLeases<string>({
    idleMs: 1_000,
    async open(name) {
      if (fails.open) throw new Error(`cannot open ${name}`);
      told.push(`open ${name}`);
      return name;
    },
    async close(thing) {
      if (fails.close) throw new Error(`cannot close ${thing}`);
      told.push(`close ${thing}`);
    },
    complain: (error) => told.push((error as Error).message),
  });
  return { told, leases, fails };
}

test('several users share one, and it is closed a while after the last of them', async () => {
  vi.useFakeTimers();
  const { told, leases } = openTold();
  const [one, two] = await Promise.all([leases.lend('a'), leases.lend('a')]);
  expect(told).toEqual(['open a']);
  one.release();
  one.release();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(told).toEqual(['open a']);
  two.release();
  await vi.advanceTimersByTimeAsync(999);
  (await leases.lend('a')).release();
  await vi.advanceTimersByTimeAsync(999);
  expect(told).toEqual(['open a']);
  await vi.advanceTimersByTimeAsync(1);
  expect(told).toEqual(['open a', 'close a']);
  expect(leases.size()).toBe(0);
  (await leases.lend('a')).release();
  expect(told).toEqual(['open a', 'close a', 'open a']);
});

test('what could not be opened is tried again, and closing waits for what is lent', async () => {
  const { told, leases, fails } = openTold({ open: true, close: false });
  await expect(leases.lend('a')).rejects.toThrow('cannot open a');
  expect(leases.size()).toBe(0);
  fails.open = false;
  const [a, b] = [await leases.lend('a'), await leases.lend('b')];
  const closing = leases.close();
  a.release();
  expect(told).toEqual(['open a', 'open b']);
  b.release();
  await closing;
  expect(told.sort()).toEqual(['close a', 'close b', 'open a', 'open b']);
  await expect(leases.lend('a')).rejects.toThrow('not lent');
});

test('a failure to close is told', async () => {
  const { told, leases } = openTold({ open: false, close: true });
  (await leases.lend('a')).release();
  await leases.close();
  expect(told).toEqual(['open a', 'cannot close a']);
});
