/** The contract of the state store, on the real thing and on the one in memory; then what only a file can suffer. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import fc from 'fast-check';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { openMemoryState } from '../../../src/store/state/open-memory-state.ts';
import { openStateStore, type StateStore } from '../../../src/store/state/open-state-store.ts';
import { buildChild } from '../../build-child.ts';
import { makeFolder } from '../../scratch.ts';
import '../../seed.ts';
import { sizeOf } from '../../soak.ts';

afterEach(() => {
  vi.useRealTimers();
});

async function openReal(path = join(makeFolder(), 'state.db')): Promise<StateStore> {
  const store = await openStateStore(path);
  onTestFinished(() => store.close());
  return store;
}

const stores: Readonly<Record<string, () => Promise<StateStore>>> = {
  'on the disk': () => openReal(),
  'in memory': async () => openMemoryState(),
};

describe.each(Object.entries(stores))('%s', (_, open) => {
  test('gives back what was set, and nothing else', async () => {
    const space = (await open()).space<object>('one', { version: 1 });
    expect(await space.get('a')).toBeUndefined();
    const value = { text: 'ü 日本 "\u0000', list: [1, null, true], deep: { a: {} } };
    await space.set('a', value);
    expect(await space.get('a')).toEqual(value);
    await space.delete('a');
    expect(await space.get('a')).toBeUndefined();
    await space.delete('a');
  });

  test('the last of many sets of one key wins, and a get sees every set before it', async () => {
    const space = (await open()).space<number>('one', { version: 1 });
    const sets = Array.from({ length: 50 }, (_, n) => space.set('k', n));
    expect(await space.get('k')).toBe(49);
    await Promise.all(sets);
    expect(await space.get('k')).toBe(49);
  });

  test('names and keys that look alike are kept apart', async () => {
    const store = await open();
    const names = ['a', 'a-b', 'ab', 'a-b-c', 'abc', '1', 'order', 's-a'];
    const keys = ['k', 'a:k', 'one:k', '', '%', "'; DROP TABLE s_a; --", 'ü'.repeat(300)];
    const spaces = names.map((name) => store.space<string>(name, { version: 1 }));
    for (const [at, space] of spaces.entries())
      for (const key of keys) await space.set(key, `${at} ${key}`);
    for (const [at, space] of spaces.entries())
      for (const key of keys) expect(await space.get(key)).toBe(`${at} ${key}`);
    await spaces[1]?.delete('k');
    expect(await spaces[2]?.get('k')).toBe('2 k');
    for (const bad of ['', 'a_b', 'A', 'a b', 'ü'])
      expect(() => store.space(bad, { version: 1 })).toThrow('no name for a namespace');
  });

  test('a value of another version is as good as absent', async () => {
    const store = await open();
    await store.space('one', { version: 1 }).set('k', 'old');
    const now = store.space('one', { version: 2 });
    expect(await now.get('k')).toBeUndefined();
    await now.set('k', 'new');
    expect(await now.get('k')).toBe('new');
  });

  test('what is older than its time is gone', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: 1_000_000 });
    const store = await open();
    const [short, long] = [
      store.space('short', { version: 1, ttlMs: 1_000 }),
      store.space('long', { version: 1 }),
    ];
    await short.set('k', 1);
    await long.set('k', 2);
    vi.setSystemTime(1_000_999);
    expect(await short.get('k')).toBe(1);
    vi.setSystemTime(1_001_001);
    expect(await short.get('k')).toBeUndefined();
    expect(await long.get('k')).toBe(2);
  });

  test('any order of acts on a few keys ends as it would one by one', async () => {
    const act = fc.record({
      key: fc.constantFrom('a', 'b', 'c'),
      value: fc.option(fc.integer(), { nil: undefined }),
    });
    const law = fc.asyncProperty(fc.array(act, { maxLength: 30 }), async (acts) => {
      const space = (await open()).space<number>('one', { version: 1 });
      const model = new Map<string, number | undefined>();
      const work = acts.map(({ key, value }) => {
        model.set(key, value);
        return value === undefined ? space.delete(key) : space.set(key, value);
      });
      for (const key of ['a', 'b', 'c']) expect(await space.get(key)).toBe(model.get(key));
      await Promise.all(work);
    });
    await fc.assert(law, { numRuns: sizeOf(20, 500) });
  });
});

test('what was set is there for the next process, and only its owner can read it', async () => {
  const path = join(makeFolder(), 'state.db');
  const first = await openReal(path);
  const set = first.space('one', { version: 1 }).set('k', 'kept');
  await first.close();
  await set;
  expect(await (await openReal(path)).space('one', { version: 1 }).get('k')).toBe('kept');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(new Sqlite(path).pragma('journal_mode', { simple: true })).toBe('wal');
});

test('expired rows leave the file, and only those', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: 1_000_000 });
  const path = join(makeFolder(), 'state.db');
  const store = await openReal(path);
  const [short, long] = [
    store.space('a-short', { version: 1, ttlMs: 1_000 }),
    store.space('long', { version: 1 }),
  ];
  await Promise.all(Array.from({ length: 700 }, (_, n) => short.set(String(n), n)));
  await long.set('k', 'stays');
  expect(await store.sweep()).toBe(0);
  vi.setSystemTime(1_002_000);
  expect(await store.sweep()).toBe(700);
  const count = new Sqlite(path).prepare('SELECT count(*) FROM s_a_short').pluck();
  expect(count.get()).toBe(0);
  expect(await long.get('k')).toBe('stays');
});

const listAside = (folder: string) => readdirSync(folder).filter((it) => it.includes('.bad-'));

test('a file that is none of SQLite\u2019s is set aside', async () => {
  const folder = makeFolder();
  writeFileSync(
    join(folder, 'state.db'),
    'no database at all, but long enough to be taken for one',
  );
  const space = (await openReal(join(folder, 'state.db'))).space('one', { version: 1 });
  await space.set('k', 1);
  expect(await space.get('k')).toBe(1);
  expect(listAside(folder)).toHaveLength(1);
});

test('a file that is damaged while it is open is set aside, and work goes on in a new one', async () => {
  const folder = makeFolder();
  const path = join(folder, 'state.db');
  const store = await openReal(path);
  const space = store.space<string>('one', { version: 1 });
  for (let n = 0; n < 200; n += 1) await space.set(String(n), 'x'.repeat(500));
  await store.close();
  const size = statSync(path).size;
  const again = await openReal(path);
  const more = again.space<string>('one', { version: 1 });
  expect(await more.get('1')).toHaveLength(500);
  // All but the first page: the file opens, its tables do not read.
  const { openSync, writeSync, closeSync } = await import('node:fs');
  const fd = openSync(path, 'r+');
  writeSync(fd, Buffer.alloc(size - 4096, 0xa5), 0, size - 4096, 4096);
  closeSync(fd);
  await more.set('new', 'v');
  for (let n = 0; n < 200; n += 1) await more.get(String(n));
  await more.set('after', 'w');
  expect(await more.get('after')).toBe('w');
  expect(listAside(folder)).toHaveLength(1);
});

test('a disk that refuses is told to whoever asked', async () => {
  const folder = makeFolder();
  const path = join(folder, 'no such folder', 'state.db');
  await expect(openStateStore(path)).rejects.toMatchObject({
    code: 'state-unavailable',
    data: { path },
  });
});

test('a lock of another process is waited for', async () => {
  const path = join(makeFolder(), 'state.db');
  const space = (await openReal(path)).space('one', { version: 1 });
  await space.set('k', 1);
  const other = new Sqlite(path);
  other.exec('BEGIN IMMEDIATE');
  const set = space.set('k', 2);
  setTimeout(() => other.exec('COMMIT'), 150);
  await set;
  expect(await space.get('k')).toBe(2);
});

const child = buildChild('store/state/writing-child');

test('several processes write at once, and nothing that was acknowledged is lost', async () => {
  const path = join(makeFolder(), 'state.db');
  const children = ['a', 'b', 'c'].map((name) =>
    spawn(process.execPath, [child.main, path, name, '60'], { stdio: 'inherit' }),
  );
  const codes = await Promise.all(children.map(async (it) => (await once(it, 'exit'))[0]));
  expect(codes).toEqual([0, 0, 0]);
  const space = (await openReal(path)).space('one', { version: 1 });
  for (const name of ['a', 'b', 'c'])
    for (let n = 0; n < 60; n += 1) expect(await space.get(`${name} ${n}`)).toBe(n);
});
