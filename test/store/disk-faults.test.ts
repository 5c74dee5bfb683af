/** Faults 8, 9 and 10: a disk that is full, fails at any call, or takes less than it was given. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Failure } from '../../src/errors.ts';
import { openDisk } from '../../src/store/disk.ts';
import type { Refusal } from '../../src/store/refusal.ts';
import { verifyJournals } from '../../src/store/verify-journals.ts';
import { isSoak, seed, sizeOf } from '../soak.ts';
import {
  type Fault,
  failWith,
  openFaultyDisk,
  openShortDisk,
  openSmallDisk,
} from './faulty-disk.ts';
import { makeFolder, makeNote, openDice, openWriter, readBack, waitUntil } from './make-journal.ts';

const limits = { rotateBytes: 1500, batchBytes: 400, retryMs: 1 };

type Run = { readonly calls: number; readonly stops: Refusal[]; readonly resumes: number };

/** Writes with pauses for acknowledgement while some calls fail, and checks every promise. */
async function runWithFault({ code, hits }: Fault, isSingle: boolean): Promise<Run> {
  // In memory where there is such a thing: what is asked here is what is done, not how fast a disk is.
  const folder = makeFolder(existsSync('/dev/shm') ? '/dev/shm' : undefined);
  const disk = openFaultyDisk({ code, hits });
  const stops: Refusal[] = [];
  const acknowledged: number[] = [];
  let resumes = 0;
  let lost = 0;
  const checkPromises = () => {
    const kept = new Set(readBack(folder).entries.map((it) => it.seq));
    expect(acknowledged.filter((it) => !kept.has(it))).toEqual([]);
  };
  const writer = openWriter(folder, {
    disk,
    limits,
    onStop(refusal) {
      stops.push(refusal);
      checkPromises();
      // Half a line may stay only when cutting it off was refused too.
      if (isSingle) expect(readBack(folder).problems).toEqual([]);
    },
    onResume(resumed) {
      resumes += 1;
      lost += resumed.lost;
    },
  });
  for (let number = 1; number <= 24; number += 1) {
    const { seq } = writer.append(makeNote(number));
    if (number % 6 !== 0) continue;
    try {
      await writer.acknowledge();
      acknowledged.push(...Array.from({ length: 6 }, (_, index) => seq - index));
    } catch (error) {
      expect(error).toMatchObject({ code: 'recording-stopped', data: { code } });
      expect((error as Failure).hint).toMatch(/./);
    }
    checkPromises();
  }
  await waitUntil(() => stops.length === resumes, 'it goes on');
  const isClosed = await writer.close().then(
    () => true,
    (error) => error.code !== 'recording-stopped',
  );
  checkPromises();
  if (isSingle) expect(isClosed).toBe(true);
  if (!isClosed) return { calls: disk.calls(), stops, resumes };
  const read = readBack(folder);
  expect(read.problems).toEqual([]);
  expect((await verifyJournals(folder)).sound).toBe(true);
  expect(lost).toBe(0);
  const resumed = read.entries.filter((it) => it.event.type === 'recording-resumed');
  expect(resumed.length).toBe(resumes);
  expect(read.entries.length).toBe(24 + resumes);
  return { calls: disk.calls(), stops, resumes };
}

test.each(['ENOSPC', 'EIO', 'EROFS', 'EACCES', 'EDQUOT', 'EMFILE'])(
  'fault 9: %s at every n-th call loses nothing, and is told once with path and remedy',
  async (code) => {
    for (const lasts of [1, 3]) {
      let told = 0;
      for (let at = 1; ; at += 1) {
        const hits = (call: number) => call >= at && call < at + lasts;
        const { calls, stops } = await runWithFault({ code, hits }, lasts === 1);
        told += stops.length;
        for (const stop of stops) {
          expect(stop).toMatchObject({ code, path: expect.stringContaining('-000') });
          expect(stop.hint).toMatch(/./);
        }
        if (at > calls) break;
        expect(stops.length).toBe(1);
      }
      expect(told).toBeGreaterThan(20);
    }
  },
);

test('fault 9: a second fault at any call after the first, also while it starts again', async () => {
  for (let gap = 2; gap <= 9; gap += 1)
    for (let at = 1, calls = 1; at <= calls; at += 1) {
      const hits = (call: number) => call === at || call === at + gap;
      calls = (await runWithFault({ code: 'ENOSPC', hits }, false)).calls;
    }
});

test('what a failed sync may have lost is written again before anything is promised', async () => {
  const folder = makeFolder();
  const disk = openDisk();
  const written: number[] = [];
  let failures = 1;
  const writer = openWriter(folder, {
    limits,
    disk: {
      ...disk,
      write(fd, bytes, position) {
        written.push(position);
        return disk.write(fd, bytes, position);
      },
      async sync(fd) {
        if (failures-- > 0) throw failWith('EIO');
        disk.syncNow(fd);
      },
    },
  });
  writer.append(makeNote(1));
  const whereItWas = () => written.slice(1, 2);
  await expect(writer.acknowledge()).rejects.toThrow(Failure);
  const before = written.length;
  await waitUntil(() => readBack(folder).entries.length === 2, 'it has resumed');
  expect(written.slice(before, before + 2)).toEqual([0, ...whereItWas()]);
  await writer.close();
  expect((await verifyJournals(folder)).sound).toBe(true);
});

test('a sync that nobody asked for, and that fails, stops the recording as any other does', async () => {
  const folder = makeFolder();
  const disk = openDisk();
  const stops: string[] = [];
  let failures = 1;
  const writer = openWriter(folder, {
    limits: { ...limits, batchBytes: 200, unsyncedBytes: 400 },
    onStop: ({ code }) => stops.push(code),
    disk: {
      ...disk,
      async sync(fd) {
        if (failures-- > 0) throw failWith('EIO');
        disk.syncNow(fd);
      },
    },
  });
  for (let number = 0; number < 10; number += 1) writer.append(makeNote(number));
  await waitUntil(() => stops.length > 0, 'it has stopped');
  expect(stops).toEqual(['EIO']);
  const isBack = () => readBack(folder).entries.some((it) => it.event.type === 'recording-resumed');
  await waitUntil(isBack, 'it has resumed');
  await writer.close();
  expect(readBack(folder).entries.length).toBe(11);
  expect((await verifyJournals(folder)).sound).toBe(true);
});

test('writing again what is there already takes nothing away, even when that fails too', async () => {
  const folder = makeFolder();
  const disk = openDisk();
  let isRefused = true;
  const writer = openWriter(folder, {
    limits,
    disk: {
      ...disk,
      write(fd, bytes, position) {
        if (!isRefused || position === 0 || stops === 0) return disk.write(fd, bytes, position);
        attempts += 1;
        disk.write(fd, bytes.subarray(0, 30), position);
        throw failWith('EIO');
      },
      sync: () => Promise.reject(failWith('EIO')),
    },
    onStop: () => (stops += 1),
  });
  let stops = 0;
  let attempts = 0;
  const entries = Array.from({ length: 3 }, (_, number) => writer.append(makeNote(number)));
  await expect(writer.acknowledge()).rejects.toThrow(Failure);
  await waitUntil(() => attempts > 2, 'it was tried again');
  expect(readBack(folder)).toEqual({ entries, problems: [] });
  isRefused = false;
  await waitUntil(() => readBack(folder).entries.length === 4, 'it goes on');
  await expect(writer.close()).rejects.toThrow(Failure);
});

test('a disk that takes everything and keeps nothing does not make it go on and stop in turns', async () => {
  const folder = makeFolder();
  const disk = openDisk();
  let attempts = 0;
  let isRefused = true;
  let told = '';
  const sync = (fd: number) => {
    attempts += 1;
    if (isRefused) throw failWith('EDQUOT');
    disk.syncNow(fd);
  };
  const writer = openWriter(folder, {
    limits,
    disk: { ...disk, syncNow: sync, sync: async (fd) => sync(fd) },
    onStop: () => (told += 'stop '),
    onResume: () => (told += 'resume '),
  });
  writer.append(makeNote(1));
  await expect(writer.acknowledge()).rejects.toThrow(Failure);
  await waitUntil(() => attempts > 5, 'it was tried again');
  expect(told).toBe('stop ');
  isRefused = false;
  await waitUntil(() => told === 'stop resume ', 'it goes on');
  await writer.close();
  expect(readBack(folder).entries.length).toBe(2);
});

test('a journal that somebody deletes is missed at once, and gone on with when it is back', async () => {
  const folder = makeFolder();
  const stops: Refusal[] = [];
  let resumes = 0;
  const writer = openWriter(folder, {
    limits,
    onStop: (refusal) => stops.push(refusal),
    onResume: () => (resumes += 1),
  });
  writer.append(makeNote(1));
  await writer.acknowledge();
  renameSync(folder, `${folder}-away`);
  writer.append(makeNote(2));
  await expect(writer.acknowledge()).rejects.toMatchObject({ code: 'recording-stopped' });
  expect(stops).toMatchObject([{ code: 'ENOENT', path: expect.stringContaining(folder) }]);
  renameSync(`${folder}-away`, folder);
  await waitUntil(() => resumes === 1, 'it goes on');
  await writer.close();
  expect(readBack(folder).entries.map((it) => it.seq)).toEqual([1, 2, 3]);
});

test('fault 8: a full disk stops recording, a bounded part is kept, the rest is counted', async () => {
  const folder = makeFolder();
  const disk = openSmallDisk(3000);
  const stops: Refusal[] = [];
  const resumed: unknown[] = [];
  const writer = openWriter(folder, {
    disk,
    limits: { ...limits, rotateBytes: 1 << 20, heldBytes: 4000 },
    onStop: (refusal) => stops.push(refusal),
    onResume: (it) => resumed.push(it),
  });
  for (let number = 1; number <= 500; number += 1) writer.append(makeNote(number));
  writer.flush();
  await expect(writer.acknowledge()).rejects.toMatchObject({ code: 'recording-stopped' });
  expect(stops).toMatchObject([{ code: 'ENOSPC', why: 'no space left on the device' }]);
  const full = readBack(folder);
  expect(full.problems).toEqual([]);
  const before = disk.refusals;
  await waitUntil(() => disk.refusals > before + 5, 'it has been tried again some times');
  expect(stops.length).toBe(1);
  expect(resumed).toEqual([]);

  // Some room, but not for all that is kept: what comes then is lost too, so that there is one hole.
  disk.room = 1500;
  const again = disk.refusals;
  await waitUntil(() => disk.refusals > again + 2, 'it is full again');
  writer.append(makeNote(501));
  disk.room = 1 << 20;
  await waitUntil(() => resumed.length === 1, 'it goes on');
  writer.append(makeNote(502));
  await writer.acknowledge();
  await writer.close();
  const { entries, problems } = readBack(folder);
  expect(problems).toEqual([]);
  const gap = entries.find((it) => it.event.type === 'recording-resumed');
  const lost = 501 - entries.filter((it) => it.seq <= 501).length;
  expect(lost).toBeGreaterThan(300);
  expect(gap?.event).toMatchObject({ why: 'no space left on the device', lost });
  expect(resumed).toMatchObject([{ lost }]);
  expect(entries.at(-1)?.seq).toBe(503);
  expect((await verifyJournals(folder)).sound).toBe(true);
});

test('a disk that is full from the start, and for good, keeps nobody from starting or ending', async () => {
  const folder = makeFolder();
  const stops: Refusal[] = [];
  const writer = openWriter(folder, {
    disk: openSmallDisk(0),
    limits,
    onStop: (refusal) => stops.push(refusal),
  });
  expect(writer.append(makeNote(1)).seq).toBe(1);
  expect(stops.length).toBe(1);
  await expect(writer.close()).rejects.toMatchObject({ code: 'recording-stopped' });
});

test('fault 10: short writes are gone on with', async () => {
  const dice = openDice(seed);
  for (let round = 0; round < sizeOf(20, 400); round += 1) {
    const folder = makeFolder();
    const writer = openWriter(folder, { disk: openShortDisk(dice), limits });
    const entries = [];
    for (let number = 1; number <= 40; number += 1) {
      entries.push(writer.append(makeNote(number)));
      if (dice() < 0.1) await writer.acknowledge();
    }
    await writer.close();
    expect(readBack(folder)).toEqual({ entries, problems: [] });
  }
});

const canMount = process.platform === 'linux' && process.getuid?.() === 0;

test.skipIf(!canMount).each(isSoak ? [1, 4, 16] : [1])(
  'fault 8: a real file system of %i MB runs full and is freed again',
  async (megabytes) => {
    const folder = mkdtempSync(join(tmpdir(), 'clew-full-'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder]);
    try {
      await fillAndFree(folder, megabytes << 20);
    } finally {
      execFileSync('umount', [folder]);
      rmdirSync(folder);
    }
  },
);

async function fillAndFree(folder: string, sizeBytes: number): Promise<void> {
  writeFileSync(join(folder, 'filler'), Buffer.alloc(sizeBytes / 2));
  const stops: Refusal[] = [];
  let resumes = 0;
  const writer = openWriter(folder, {
    limits: { rotateBytes: sizeBytes / 8, heldBytes: 100_000, retryMs: 5 },
    onStop: (refusal) => stops.push(refusal),
    onResume: () => (resumes += 1),
  });
  let acknowledged = 0;
  for (let number = 1; stops.length === 0; number += 1) {
    const { seq } = writer.append(makeNote(number));
    if (number % 100 === 0)
      await writer.acknowledge().then(
        () => (acknowledged = seq),
        (error) => expect(error).toBeInstanceOf(Failure),
      );
  }
  expect(stops).toMatchObject([{ code: 'ENOSPC' }]);
  const full = readBack(folder);
  expect(full.problems).toEqual([]);
  expect(full.entries.length).toBeGreaterThanOrEqual(acknowledged);
  for (let number = 1; number <= 5000; number += 1) writer.append(makeNote(number));
  rmSync(join(folder, 'filler'));
  await waitUntil(() => resumes === 1, 'it goes on');
  await writer.close();
  const { entries, problems } = readBack(folder);
  expect(problems).toEqual([]);
  const resumed = entries.find((it) => it.event.type === 'recording-resumed');
  // Every number that is not in the file is accounted for.
  const lost = (entries.at(-1)?.seq ?? 0) - entries.length;
  expect(resumed?.event).toMatchObject({ lost });
  expect((await verifyJournals(folder)).sound).toBe(true);
}
