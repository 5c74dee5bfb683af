/** Fault 13: whose process is gone, and whose pid another process has by now. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dropStaleLease, readLeases, takeLease } from '../../src/store/lease.ts';
import { judgeLife, readOwnMark } from '../../src/store/process-mark.ts';
import { makeFolder, waitUntil } from './make-journal.ts';

const writer = '01ARZ3NDEKTSV4RRFFQ69G5FAV';
const hasProc = existsSync('/proc/self/stat');

function forge(folder: string, change: Record<string, unknown>): string {
  const path = join(folder, `${writer}.live`);
  writeFileSync(path, JSON.stringify({ v: 1, writer, ...readOwnMark(), ...change }));
  return path;
}

function startOf(pid: number): string | undefined {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return text.slice(text.lastIndexOf(')') + 2).split(' ')[19];
}

test('a lease is there while its holder is, for its owner’s eyes only', () => {
  const folder = makeFolder();
  const lease = takeLease(folder, writer);
  expect(readLeases(folder)).toEqual([{ writer, state: 'here' }]);
  expect(statSync(join(folder, `${writer}.live`)).mode & 0o777).toBe(0o600);
  expect(dropStaleLease(folder, writer)).toBe(false);
  expect(readLeases(folder).length).toBe(1);
  lease.release();
  lease.release();
  expect(readLeases(folder)).toEqual([]);
});

test.skipIf(!hasProc)('a holder that crashed is noticed, twenty times', async () => {
  for (let round = 0; round < 20; round += 1) {
    const folder = makeFolder();
    const child = spawn('sleep', ['1000']);
    await once(child, 'spawn');
    const pid = child.pid ?? 0;
    forge(folder, { pid, started: startOf(pid) });
    expect(readLeases(folder)).toEqual([{ writer, state: 'here' }]);
    child.kill('SIGKILL');
    // Also before its parent has taken notice, when it is still listed.
    await waitUntil(() => readLeases(folder)[0]?.state === 'stale', 'it is stale');
    expect(dropStaleLease(folder, writer)).toBe(true);
    expect(readLeases(folder)).toEqual([]);
  }
});

test.skipIf(!hasProc)('a zombie holds nothing', async () => {
  const folder = makeFolder();
  // The shell turns into a program that never asks after its child.
  const parent = spawn('sh', ['-c', 'sleep 0 & echo $!; exec sleep 1000']);
  const [said] = await once(parent.stdout, 'data');
  const pid = Number(String(said));
  const isZombie = () => / Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  await waitUntil(isZombie, 'it is a zombie');
  forge(folder, { pid, started: startOf(pid) });
  expect(readLeases(folder)).toEqual([{ writer, state: 'stale' }]);
  parent.kill('SIGKILL');
});

test.skipIf(!hasProc)('a pid that was given away again is no holder', () => {
  const folder = makeFolder();
  forge(folder, { started: '1' });
  expect(readLeases(folder)).toEqual([{ writer, state: 'stale' }]);
  forge(folder, { pid: process.ppid });
  expect(readLeases(folder)).toEqual([{ writer, state: 'stale' }]);
});

test.skipIf(!hasProc)('after a restart of the machine nobody holds anything', () => {
  const folder = makeFolder();
  forge(folder, { boot: 'before' });
  expect(readLeases(folder)).toEqual([{ writer, state: 'stale' }]);
});

test('who cannot be looked at lives as long as its heart beats', () => {
  const elsewhere = [
    ...(hasProc ? [{ space: 'pid:[1]' }, { boot: 'theirs', host: 'another' }] : []),
    { boot: '', host: 'another' },
  ];
  for (const change of elsewhere) {
    const folder = makeFolder();
    const path = forge(folder, change);
    expect(readLeases(folder)).toEqual([{ writer, state: 'elsewhere' }]);
    expect(dropStaleLease(folder, writer)).toBe(false);
    const longAgo = Date.now() / 1000 - 2 * 3600;
    utimesSync(path, longAgo, longAgo);
    expect(readLeases(folder)).toEqual([{ writer, state: 'stale' }]);
  }
});

test('a lease that cannot be read counts as fresh for a while, and then no more', () => {
  for (const text of ['', '{', 'null', '{"pid":"x"}']) {
    const folder = makeFolder();
    const path = join(folder, `${writer}.live`);
    writeFileSync(path, text);
    expect(readLeases(folder)).toEqual([{ writer, state: 'elsewhere' }]);
    utimesSync(path, 1, 1);
    expect(readLeases(folder)).toEqual([{ writer, state: 'stale' }]);
  }
});

test('without /proc the pid and the time of the start decide', () => {
  const own = { ...readOwnMark(), boot: '', space: '' };
  const startedMs = Math.round(performance.timeOrigin);
  const said = judgeLife({ ...own, started: String(startedMs) }, own);
  // Where there is no ps nobody knows, and the heartbeat decides.
  expect(['running', 'unknown']).toContain(said);
  if (said === 'running')
    expect(judgeLife({ ...own, started: String(startedMs - 60_000) }, own)).toBe('gone');
  expect(judgeLife({ ...own, pid: 2 ** 22 + 1 }, own)).toBe('gone');
});

test('who cannot be looked at and misses its beats is silent first, and only after an hour stale', () => {
  const folder = makeFolder();
  const path = forge(folder, { boot: 'theirs', host: 'another' });
  const beatAt = statSync(path).mtimeMs;
  const stateAfter = (ms: number) => readLeases(folder, { now: () => beatAt + ms })[0]?.state;
  expect([0, 59_999, 60_000, 3_599_999, 3_600_000].map(stateAfter)).toEqual([
    ...['elsewhere', 'elsewhere', 'silent', 'silent', 'stale'],
  ]);
  const quick = { now: () => beatAt + 50, silentMs: 50, staleMs: 500 };
  expect(readLeases(folder, quick)[0]?.state).toBe('silent');
});

test('a heart beats by the clock that it is given, as often as it is told', async () => {
  const folder = makeFolder();
  const lease = takeLease(folder, writer, { now: () => 5_000_000, heartbeatMs: 5 });
  const path = join(folder, `${writer}.live`);
  await waitUntil(() => statSync(path).mtimeMs === 5_000_000, 'it has beaten');
  lease.release();
});

test('a lease says where its writer tells of its progress', () => {
  const folder = makeFolder();
  const lease = takeLease(folder, writer, { socket: '/run/clew/x.sock' });
  expect(readLeases(folder)).toEqual([{ writer, state: 'here', socket: '/run/clew/x.sock' }]);
  lease.release();
});
