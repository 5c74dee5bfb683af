/** Progress is told only of what takes its time, seldom enough to be read, and ends. */
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { openProgress } from '../../src/rpc/open-progress.ts';

type Value = { kind: string; message?: string };

beforeEach(() => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
});

function open() {
  const told: Value[] = [];
  const progress = openProgress({
    token: 't',
    method: 'log/query',
    isCancellable: true,
    send: ({ token, value }) => {
      expect(token).toBe('t');
      told.push(value as Value);
    },
  });
  return { told, progress };
}

test('what is answered within 300 ms says nothing', () => {
  const { told, progress } = open();
  progress.report('20 entries');
  vi.advanceTimersByTime(299);
  progress.end();
  vi.advanceTimersByTime(5_000);
  expect(told).toEqual([]);
});

test('what takes longer begins, says what is new at most ten times a second, and ends once', () => {
  const { told, progress } = open();
  progress.report('first');
  vi.advanceTimersByTime(300);
  expect(told).toEqual([
    { kind: 'begin', title: 'log/query', cancellable: true, message: 'first' },
  ]);
  for (let n = 0; n < 1_000; n += 1) {
    progress.report(`${n} entries`);
    vi.advanceTimersByTime(1);
  }
  expect(told.filter((it) => it.kind === 'report')).toHaveLength(10);
  expect(told.at(-1)?.message).toMatch(/^\d+ entries$/);
  progress.end();
  progress.end();
  vi.advanceTimersByTime(5_000);
  expect(told.at(-1)).toEqual({ kind: 'end' });
  expect(told.filter((it) => it.kind === 'end')).toHaveLength(1);
});

test('while nothing is new it is said once a second that it goes on', () => {
  const { told, progress } = open();
  vi.advanceTimersByTime(3_400);
  expect(told.slice(1).map((it) => it.message)).toEqual(['1 s', '2 s', '3 s']);
  progress.end();
});
