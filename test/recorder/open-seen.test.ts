/** What a session has seen outlives its run, whatever the state store is; memory stays bounded; faults are told. */
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Seen } from '../../src/context/seen.ts';
import { openSeen, type SeenPorts } from '../../src/recorder/open-seen.ts';
import { openMemoryState } from '../../src/store/state/open-memory-state.ts';
import { filesPerSession, openSeenSpace } from '../../src/store/state/open-seen-space.ts';
import { openStateStore, type StateStore } from '../../src/store/state/open-state-store.ts';
import { makeFolder } from '../scratch.ts';

const blob = (n: number) => n.toString(16).padStart(40, '0');
const seenAt = (n: number, how: Seen['how'] = 'wire'): Seen => ({ blob: blob(n), at: n, how });

async function openReal(): Promise<StateStore> {
  const store = await openStateStore(join(makeFolder(), 'state.db'));
  onTestFinished(() => store.close());
  return store;
}

function openRun(store: StateStore, more: Partial<SeenPorts> = {}) {
  const told: string[] = [];
  const book = openSeen({
    lend: async () => ({ space: openSeenSpace(store), release: () => undefined }),
    complain: (doing, error) => told.push(`${doing}: ${(error as Error).message}`),
    ...more,
  });
  for (const session of ['s', 'other', 'long', ...Array.from({ length: 10 }, (_, n) => `s${n}`)])
    book.begin(session, `agent session ${session}`);
  return { book, told };
}

const stores = { 'on the disk': openReal, 'in memory': async () => openMemoryState() };

describe.each(Object.entries(stores))('%s', (_, open) => {
  test('the next run of the same session knows it, another session does not', async () => {
    const store = await open();
    const first = openRun(store);
    first.book.note('s', 'src/ü.ts', { ...seenAt(1), turn: 't1', step: 'p1' });
    first.book.note('s', 'gone.ts', { blob: null, at: 2, how: 'disk' });
    expect(first.book.of('s', 'src/ü.ts')?.blob).toBe(blob(1));
    await first.book.close();

    const { book, told } = openRun(store);
    expect(book.of('s', 'src/ü.ts')).toBeUndefined();
    await Promise.all([book.load('s'), book.load('s')]);
    expect(book.of('s', 'src/ü.ts')).toEqual({ ...seenAt(1), turn: 't1', step: 'p1' });
    expect(book.of('s', 'gone.ts')?.blob).toBeNull();
    await book.load('other');
    expect(book.of('other', 'src/ü.ts')).toBeUndefined();
    expect(told).toEqual([]);
  });

  test('what is noted before the load is done stands, and the list of earlier files is kept', async () => {
    const store = await open();
    const first = openRun(store).book;
    for (const name of ['a', 'b']) first.note('s', name, seenAt(1));
    await first.close();
    const second = openRun(store).book;
    second.note('s', 'b', seenAt(2));
    second.note('s', 'c', seenAt(3));
    await second.close();
    const third = openRun(store).book;
    await third.load('s');
    const found = [...third.list('s')].map(([path, seen]) => [path, seen.at]).sort();
    expect(found).toEqual([
      ['a', 1],
      ['b', 2],
      ['c', 3],
    ]);
  });
});

test('the same version keeps the better evidence, another version replaces it', () => {
  const { book } = openRun(openMemoryState());
  book.note('s', 'a', seenAt(1, 'wire'));
  book.note('s', 'a', { ...seenAt(1, 'guess'), at: 5, turn: 't' });
  expect(book.of('s', 'a')).toEqual({ blob: blob(1), at: 5, turn: 't', how: 'wire' });
  book.note('s', 'a', seenAt(2, 'guess'));
  expect(book.of('s', 'a')).toEqual(seenAt(2, 'guess'));
});

test('a long name is the same session in every run, a short one only under clew\u2019s own id', () => {
  const { book } = openRun(openMemoryState());
  const long = '01a1fbdc-5274-7c90-9a41-2b27fcc8f280';
  book.begin('one', long);
  book.begin('two', long);
  book.begin('three', 'session-1');
  book.begin('four', 'session-1');
  book.note('one', 'a', seenAt(1));
  book.note('three', 'a', seenAt(2));
  expect(book.of('two', 'a')).toEqual(seenAt(1));
  expect(book.of('three', 'a')).toEqual(seenAt(2));
  expect(book.of('four', 'a')).toBeUndefined();
});

test('a session that was never opened is not taken note of', () => {
  const { book } = openRun(openMemoryState());
  book.note('unheard', 'a', seenAt(1));
  expect(book.of('unheard', 'a')).toBeUndefined();
  expect(book.size()).toEqual({ sessions: 0, files: 0 });
});

test('memory is bounded in sessions and in files of one session; the rest is loaded again', async () => {
  const { book } = openRun(openMemoryState(), { limit: 30 });
  for (let n = 0; n < 10; n += 1)
    for (let m = 0; m < 10; m += 1) book.note(`s${n}`, `f${m}`, seenAt(m));
  await book.flush();
  expect(book.size()).toEqual({ sessions: 3, files: 30 });
  expect(book.of('s0', 'f1')).toBeUndefined();
  await book.load('s0');
  expect(book.of('s0', 'f1')).toEqual(seenAt(1));
  for (let m = 0; m < filesPerSession + 5; m += 1) book.note('long', `f${m}`, seenAt(m));
  expect(book.list('long').size).toBe(filesPerSession);
  expect(book.of('long', 'f4')).toBeUndefined();
  expect(book.of('long', `f${filesPerSession + 4}`)).toBeDefined();
});

test('without a state store all goes on in memory, and it is told', async () => {
  const lend = () => Promise.reject(new Error('no disk'));
  const { book, told } = openRun(openMemoryState(), { lend });
  await book.load('s');
  book.note('s', 'a', seenAt(1));
  await book.flush();
  expect(book.of('s', 'a')).toEqual(seenAt(1));
  expect(told).toEqual([
    'reading what a session has seen: no disk',
    'keeping what a session has seen: no disk',
  ]);
});

test('a fork knows what its parent has seen, also in an earlier run, and not the other way round', async () => {
  const store = openMemoryState();
  const first = openRun(store).book;
  first.note('s', 'a', seenAt(1));
  first.note('s', 'b', seenAt(1));
  await first.close();
  const { book } = openRun(store);
  book.note('other', 'b', seenAt(2));
  await book.inherit('other', 's');
  expect([book.of('other', 'a'), book.of('other', 'b')]).toEqual([seenAt(1), seenAt(2)]);
  book.note('other', 'a', seenAt(3));
  expect(book.of('s', 'a')).toEqual(seenAt(1));
});

test('what was seen is forgotten after a month', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: 1_000_000 });
  onTestFinished(() => {
    vi.useRealTimers();
  });
  const store = await openReal();
  const first = openRun(store).book;
  first.note('s', 'old', seenAt(1));
  await first.close();
  const day = 24 * 3_600_000;
  vi.setSystemTime(1_000_000 + 20 * day);
  const second = openRun(store).book;
  second.note('s', 'new', seenAt(2));
  await second.close();
  vi.setSystemTime(1_000_000 + 31 * day);
  const third = openRun(store).book;
  await third.load('s');
  expect([...third.list('s').keys()]).toEqual(['new']);
});

test('a run that was cut short is believed only as a guess, from then on', async () => {
  const store = openMemoryState();
  const cut = openRun(store).book;
  cut.note('s', 'a', seenAt(1, 'disk'));
  await cut.flush();
  for (const run of [1, 2]) {
    const { book } = openRun(store);
    await book.load('s');
    expect(book.of('s', 'a'), `run ${run}`).toEqual(seenAt(1, 'guess'));
    await book.close();
  }
  const { book } = openRun(store);
  book.note('s', 'a', seenAt(1, 'disk'));
  await book.close();
  const { book: last } = openRun(store);
  await last.load('s');
  expect(last.of('s', 'a')).toEqual(seenAt(1, 'disk'));
});
