/** Writing journals: groups, acknowledgements, rotation. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openClock } from '../../src/store/clock.ts';
import { openDisk } from '../../src/store/disk.ts';
import { listJournals } from '../../src/store/journal-names.ts';
import { verifyJournals } from '../../src/store/verify-journals.ts';
import { seed, sizeOf } from '../soak.ts';
import {
  makeFolder,
  makeNote,
  openDice,
  openWriter,
  readBack,
  waitUntil,
  writeJournal,
} from './make-journal.ts';

const eventArbitrary = fc
  .record({
    type: fc.string({ unit: 'binary' }),
    text: fc.string({ unit: 'binary' }),
    anything: fc.jsonValue(),
  })
  .filter((it) => it.type !== 'recording-resumed');

test('what is written is read back, whatever the text, in however many files', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record(
          { session: fc.string({ minLength: 1 }), event: eventArbitrary },
          { requiredKeys: ['event'] },
        ),
      ),
      fc.constantFrom(300, 2000, 1 << 20),
      fc.constantFrom(1, 200, 1 << 16),
      async (notes, rotateBytes, batchBytes) => {
        const folder = makeFolder();
        const writer = openWriter(folder, { limits: { rotateBytes, batchBytes } });
        const entries = notes.map((it) => writer.append(it as never));
        await writer.close();
        const read = readBack(folder);
        expect(read.problems).toEqual([]);
        expect(read.entries).toEqual(JSON.parse(JSON.stringify(entries)));
        expect((await verifyJournals(folder)).sound).toBe(true);
      },
    ),
    { numRuns: 60 },
  );
});

test('half a surrogate pair survives', async () => {
  const folder = makeFolder();
  const writer = openWriter(folder);
  writer.append({ event: { type: 'message-said', text: 'a\ud800b' } as never });
  await writer.close();
  expect(readBack(folder).entries[0]?.event).toEqual({ type: 'message-said', text: 'a\ud800b' });
});

test('a file is left behind when it is large enough, and the next one follows it', async () => {
  const folder = makeFolder();
  const entries = await writeJournal(folder, 200, { limits: { rotateBytes: 4096 } });
  const files = listJournals(folder);
  expect(files.length).toBeGreaterThan(5);
  for (const { path } of files) expect(statSync(path).size).toBeLessThan(4096 + 1024);
  expect(readBack(folder)).toEqual({ entries, problems: [] });
  const verdict = await verifyJournals(folder);
  expect(verdict).toMatchObject({ sound: true, problems: [] });
  expect(verdict.files.reduce((sum, it) => sum + it.entries, 0)).toBe(200);
});

test('what was appended reaches the file by itself after a while, and at once when it is much', async () => {
  const folder = makeFolder();
  const writer = openWriter(folder);
  writer.append(makeNote(1));
  expect(readBack(folder).entries).toEqual([]);
  await waitUntil(() => readBack(folder).entries.length === 1, 'the note is in the file');
  for (let number = 0; number < 1000; number += 1) writer.append(makeNote(number));
  expect(readBack(folder).entries.length).toBeGreaterThan(500);
  await writer.close();
  expect(readBack(folder).entries.length).toBe(1001);
});

test('those who wait for the disk at the same time share a sync', async () => {
  const folder = makeFolder();
  const disk = openDisk();
  const releases: (() => void)[] = [];
  const slow = {
    ...disk,
    sync: (fd: number) =>
      new Promise<void>((resolve) => releases.push(resolve)).then(() => disk.sync(fd)),
  };
  const writer = openWriter(folder, { disk: slow });
  const done: number[] = [];
  const ask = (number: number) => {
    writer.append(makeNote(number));
    return writer.acknowledge().then(() => done.push(number));
  };
  const first = ask(1);
  const others = [2, 3, 4, 5].map(ask);
  expect(releases.length).toBe(1);
  releases[0]?.();
  await first;
  // The first sync began before these were written, so it says nothing about them.
  expect(done).toEqual([1]);
  await waitUntil(() => releases.length === 2, 'the second sync began');
  releases[1]?.();
  await Promise.all(others);
  expect(done.toSorted()).toEqual([1, 2, 3, 4, 5]);
  expect(releases.length).toBe(2);
  await writer.acknowledge();
  expect(releases.length).toBe(2);
  await writer.close();
});

test('much that nobody waits for is synced beside the writing, which a slow disk does not hold up', async () => {
  const folder = makeFolder();
  const disk = openDisk();
  const releases: (() => void)[] = [];
  const slow = {
    ...disk,
    sync: () => new Promise<void>((resolve) => releases.push(resolve)),
    syncNow: (): void => expect.fail('the writing waits'),
  };
  const limits = { batchBytes: 200, unsyncedBytes: 1000 };
  const writer = openWriter(folder, { disk: slow, limits });
  for (let number = 0; number < 10; number += 1) writer.append(makeNote(number));
  expect(releases.length).toBe(1);
  for (let number = 0; number < 100; number += 1) writer.append(makeNote(number));
  writer.flush();
  expect(readBack(folder).entries.length).toBe(110);
  expect(releases.length).toBe(1);
  releases[0]?.();
  // What came during the first one is no less much.
  await waitUntil(() => {
    writer.append(makeNote(1));
    return releases.length === 2;
  }, 'the second sync began');
  releases[1]?.();
  slow.syncNow = () => {};
  await writer.close();
});

test('a promise is kept by the disk: the name, the bytes, and the file before', async () => {
  const disk = openDisk();
  const calls: string[] = [];
  const { isThere, ...doing } = disk;
  const listed = Object.fromEntries(
    Object.entries(doing).map(([name, call]) => [
      name,
      (...given: unknown[]) => {
        if (calls.at(-1) !== name) calls.push(name);
        return (call as (...all: unknown[]) => unknown)(...given);
      },
    ]),
  ) as typeof doing;
  const heard = { ...listed, isThere };
  const writer = openWriter(makeFolder(), { disk: heard, limits: { rotateBytes: 400 } });
  const begin = ['create', 'syncFolder', 'write'];
  expect(calls).toEqual(begin);
  writer.append(makeNote(1));
  await writer.acknowledge();
  expect(calls).toEqual([...begin, 'sync']);
  for (let number = 1; number <= 3; number += 1) writer.append(makeNote(number));
  await writer.close();
  expect(calls).toEqual([...begin, 'sync', 'write', 'syncNow', 'close', ...begin, 'sync', 'close']);
});

test('a file is not left while a sync of it is under way', async () => {
  const folder = makeFolder();
  const disk = openDisk();
  let release = () => {};
  const slow = {
    ...disk,
    sync: (fd: number) =>
      new Promise<void>((resolve) => (release = resolve)).then(() => disk.sync(fd)),
  };
  const writer = openWriter(folder, { disk: slow, limits: { rotateBytes: 2000, batchBytes: 1 } });
  writer.append(makeNote(1));
  const acknowledged = writer.acknowledge();
  for (let number = 2; number <= 60; number += 1) writer.append(makeNote(number));
  expect(listJournals(folder).length).toBe(1);
  release();
  await acknowledged;
  await waitUntil(() => listJournals(folder).length > 3, 'the other files are there');
  const closing = writer.close();
  await waitUntil(() => {
    release();
    return readBack(folder).entries.length === 60;
  }, 'all is there');
  await closing;
  expect((await verifyJournals(folder)).sound).toBe(true);
});

test('a note that cannot be spelled uses up no number', async () => {
  const folder = makeFolder();
  const writer = openWriter(folder);
  expect(() => writer.append({ event: { type: 'x', big: 1n } as never })).toThrow(TypeError);
  expect(writer.append(makeNote(1)).seq).toBe(1);
  await writer.close();
  expect((await verifyJournals(folder)).sound).toBe(true);
});

const hourMs = 3_600_000;
const yearMs = 365 * 24 * hourMs;
const jumpy = Array.from({ length: sizeOf(1, 400) }, (_, at) => at);

test.each(jumpy)(
  'fault 11: the clocks may jump as they like (%i): entries keep their order and durations stay sane',
  async (at) => {
    const dice = openDice(seed + at);
    const kinds = [0, -hourMs, hourMs, yearMs, -yearMs, dice() * yearMs];
    const jumps = [0, -hourMs, yearMs, -yearMs, 0, 0, hourMs];
    while (jumps.length < 7 + at) jumps.push(kinds[Math.floor(dice() * kinds.length)] ?? 0);
    let now = 1_750_000_000_000;
    let mono = 500;
    const folder = makeFolder();
    const clock = { now: () => now, mono: () => mono };
    const writer = openWriter(folder, { clock });
    const entries = jumps.map((jump, index) => {
      now += jump;
      // One that should not, but did on some machines.
      mono += index % 7 === 3 ? -100 : 10;
      return writer.append(makeNote(index));
    });
    await writer.close();
    const read = readBack(folder);
    expect(read).toEqual({ entries, problems: [] });
    expect(read.entries.map((it) => it.seq)).toEqual([...jumps.keys()].map((it) => it + 1));
    const monos = read.entries.map((it) => it.mono);
    expect(monos.toSorted((a, b) => a - b)).toEqual(monos);
    expect((await verifyJournals(folder)).sound).toBe(true);
  },
);

test('a writer that is closed takes nothing more, and closing twice is closing once', async () => {
  const writer = openWriter(makeFolder(), { clock: openClock() });
  await writer.close();
  await writer.close();
  expect(() => writer.append(makeNote(1))).toThrow('closed');
});

test('files are their owner’s alone, whatever the umask', async () => {
  const folder = makeFolder();
  for (const umask of [0, 0o277]) {
    const before = process.umask(umask);
    try {
      await writeJournal(folder, 1);
    } finally {
      process.umask(before);
    }
  }
  for (const { path } of listJournals(folder)) expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('its first line says what the file is', async () => {
  const folder = makeFolder();
  await writeJournal(folder, 1, { writer: '01ARZ3NDEKTSV4RRFFQ69G5FAV' });
  const path = join(folder, '01ARZ3NDEKTSV4RRFFQ69G5FAV-0001.ndjson');
  expect(JSON.parse(readFileSync(path, 'utf8').split('\n')[0] ?? '')).toMatchObject({
    clew: 'journal',
    v: 1,
    writer: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
    file: 1,
    seq: 0,
    workspace: 'test',
    prev: '0000000000000000',
  });
});
