/** What is hard to capture: files nobody may read, that never rest, that are no files; folders that hide; sweeps cut short. */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Shadow } from '../../src/shadow/open-shadow.ts';
import { runIn } from './faulty-fs.ts';
import { fsck, git, mintOrder, openTestShadow, writeTreeByGit } from './open-test-shadow.ts';
import { goBack, placeForEach, workIn } from './place-for-each.ts';
import { printTree } from './print-tree.ts';
import { readCheckpoint } from './read-checkpoint.ts';

const place = placeForEach();
const { at, write } = workIn(place);
beforeEach(() => {
  write('a', 'one');
  write('hidden/x', 'mine');
  write('hidden/deep/y', 'mine too');
});

describe('what cannot be read is not taken for gone, at either end of a restore', () => {
  type Hidden = { path: string; code: string; names: string; befalls?: 'looking' };
  const cases: Record<string, Hidden> = {
    'a file that may not even be looked at': {
      path: '/hidden/x',
      code: 'EIO',
      names: 'hidden/x',
      befalls: 'looking',
    },
    'a folder whose other end is gone': {
      path: '/hidden',
      code: 'ENOTCONN',
      names: 'hidden',
      befalls: 'looking',
    },
    'a file that may not be read': { path: '/hidden/x', code: 'EACCES', names: 'hidden/x' },
    'a file on a bad sector': { path: '/hidden/x', code: 'EIO', names: 'hidden/x' },
    'a folder that may not be listed': { path: '/hidden', code: 'EACCES', names: 'hidden' },
    'a folder on a bad sector': { path: '/hidden', code: 'EIO', names: 'hidden' },
  };
  for (const [name, { path, code, names, befalls = 'reading' as const }] of Object.entries(cases)) {
    const fault = { code, befalls, path, hits: () => true };

    it(`${name}: when the checkpoint was taken`, () => {
      const shadow = openTestShadow(place);
      const { result: taken } = runIn({ fault }, () => shadow.take(mintOrder()));
      expect(taken).toMatchObject({ degraded: 'still capturing' });
      expect(shadow.versionsAt(taken?.id ?? '', [names, 'a'])).toMatchObject([
        'unknown',
        { mode: '100644' },
      ]);
      write('a', 'two');
      const before = printTree(at('hidden'));
      const { plan, report } = goBack(shadow, taken?.id ?? '');
      expect(plan.unknown.every((one) => one.startsWith(names))).toBe(true);
      expect(report.skipped).toEqual([]);
      expect(readFileSync(at('a'), 'utf8')).toBe('one');
      expect(printTree(at('hidden'))).toBe(before);
      shadow.close();
    });

    it(`${name}: when it is gone back to`, () => {
      const shadow = openTestShadow(place);
      const first = shadow.take(mintOrder());
      write('a', 'two');
      write('hidden/x', 'changed');
      const before = printTree(at('hidden'));
      const { error } = runIn({ fault }, () => goBack(shadow, first.id));
      expect(error).toBeUndefined();
      expect(readFileSync(at('a'), 'utf8')).toBe('one');
      expect(printTree(at('hidden'))).toBe(before);
      shadow.close();
    });
  }
});

it('what many files of one folder were is told by reading the folder once', () => {
  const names = Array.from({ length: 50 }, (_, at) => `many/${at}`);
  for (const name of names) write(name, name);
  const shadow = openTestShadow(place);
  const { id } = shadow.take(mintOrder());
  const read = vi.spyOn(shadow.engine.store, 'read');
  expect(shadow.versionsAt(id, names)).toHaveLength(50);
  expect(read.mock.calls.length).toBeLessThan(10);
  for (const name of names.slice(25)) rmSync(at(name));
  read.mockClear();
  expect(shadow.plan(mintOrder(), id).steps).toHaveLength(25);
  expect(read.mock.calls.length).toBeLessThan(40);
  read.mockRestore();
  shadow.close();
});

it('what a checkpoint could not have neither came nor went', () => {
  const shadow = openTestShadow(place, { limitBytes: 100 });
  const first = shadow.take(mintOrder());
  write('large', 'x'.repeat(200));
  const second = shadow.take(mintOrder());
  const unknownOf = (from: string, to?: string) =>
    shadow.diff(from, to).map(({ path, unknown }) => [path, unknown]);
  expect(unknownOf(first.id, second.id)).toEqual([]);
  while (shadow.engine.capture(1_000));
  expect(unknownOf(first.id, second.id)).toEqual([['large', undefined]]);
  write('large', 'y'.repeat(300));
  expect(unknownOf(second.id)).toEqual([['large', 'after']]);
  const third = shadow.take(mintOrder());
  expect(unknownOf(third.id, second.id)).toEqual([['large', 'before']]);
  shadow.close();
});

it('a workspace that cannot be listed itself: nothing in it is taken for gone or new', () => {
  const shadow = openTestShadow(place);
  shadow.take(mintOrder());
  write('new', 'mine');
  const fault = { code: 'EIO', befalls: 'reading' as const, path: '/work', hits: () => true };
  const { result: taken } = runIn({ fault }, () => shadow.take(mintOrder()));
  expect(taken).toMatchObject({ degraded: 'still capturing' });
  const before = printTree(place.root);
  goBack(shadow, taken?.id ?? '');
  expect(printTree(place.root)).toBe(before);
  shadow.close();
});

it('a workspace that is gone: nothing is taken for gone or the same, and it can be restored into an empty folder', () => {
  const shadow = openTestShadow(place);
  const first = shadow.take(mintOrder());
  const before = printTree(place.root);
  rmSync(place.root, { recursive: true });
  for (const order of [{}, { unlessSame: true }, { paths: ['a'] }])
    expect(() => shadow.take(mintOrder(order))).toThrow('is not there any more');
  expect(() => shadow.diff(first.id)).toThrow('is not there any more');
  expect(shadow.list()).toHaveLength(1);
  mkdirSync(place.root);
  goBack(shadow, first.id);
  expect(printTree(place.root)).toBe(before);
  shadow.close();
});

it('a path that is too long for the system costs that path, and not the checkpoint', () => {
  const name = 'd'.repeat(250);
  const script = `const fs = require('fs'); process.chdir(process.argv[1]);
    for (let depth = 0; depth < 17; depth += 1) { fs.mkdirSync('${name}'); process.chdir('${name}'); }
    fs.writeFileSync('file', 'deep');`;
  execFileSync(process.execPath, ['-e', script, place.root]);
  const shadow = openTestShadow(place);
  const first = shadow.take(mintOrder({ paths: [`named/${'n'.repeat(300)}`, 'nul\0'] }));
  expect(first).toMatchObject({ degraded: 'still capturing', uncaptured: 1 });
  write('a', 'two');
  const { report } = goBack(shadow, first.id);
  expect(report).toMatchObject({ written: ['a'], removed: [], skipped: [] });
  shadow.close();
  // No program that takes whole paths can take it away.
  execFileSync('rm', ['-rf', name], { cwd: place.root });
});

describe('a sweep that was cut short', () => {
  it('says so, is made whole later, and until then takes nothing away', () => {
    const shadow = openTestShadow(place);
    const taken = shadow.take(mintOrder({ withinMs: -1 }));
    expect(taken.degraded).toBe('still sweeping');
    write('later', 'x');
    // Whatever is built on it is not whole either.
    const hinted = shadow.take(mintOrder({ paths: ['later'] }));
    expect(hinted.degraded).toBe('still sweeping');
    const before = printTree(place.root);
    goBack(shadow, taken.id);
    expect(printTree(place.root)).toBe(before);
    shadow.close();
  });

  it('is confirmed under the same name', () => {
    const shadow = openTestShadow(place);
    const taken = shadow.take(mintOrder({ withinMs: -1 }));
    const whole = shadow.engine.confirm();
    expect(whole).toMatchObject({ id: taken.id, tree: writeTreeByGit(place) });
    expect(whole?.degraded).toBeUndefined();
    expect(shadow.show(taken.id).degraded).toBeUndefined();
    shadow.close();
  });

  it('is nothing that a whole one could be the same as', () => {
    const shadow = openTestShadow(place);
    const first = shadow.take(mintOrder());
    const cut = shadow.take(mintOrder({ withinMs: -1 }));
    expect(cut).toMatchObject({ tree: first.tree, degraded: 'still sweeping' });
    const whole = shadow.take(mintOrder({ unlessSame: true }));
    expect(whole).toMatchObject({ tree: first.tree });
    expect([whole.same, whole.degraded]).toEqual([undefined, undefined]);
    expect(shadow.take(mintOrder({ unlessSame: true })).same).toBe(true);
    shadow.close();
  });

  it('stays so when only what was uncaptured is captured', () => {
    write('large', 'x'.repeat(5000));
    const shadow = openTestShadow(place, { limitBytes: 1000 });
    const taken = shadow.take(mintOrder({ withinMs: -1, paths: ['large'] }));
    expect(taken).toMatchObject({ degraded: 'still sweeping' });
    shadow.engine.capture(1000);
    expect(shadow.show(taken.id).degraded).toBe('still sweeping');
    shadow.close();
  });
});

describe('a folder that became a link', () => {
  const targets: Record<string, string> = {
    'to itself': 'hidden',
    'to a folder with the same names in it': 'twin',
    'to nothing': 'nowhere',
    'out of the tree': '/etc',
  };
  for (const [name, target] of Object.entries(targets)) {
    it(`${name}: is seen, taken back, and put there again`, () => {
      write('twin/x', 'mine');
      write('twin/deep/y', 'mine too');
      mkdirSync(at('empty'));
      const shadow = openTestShadow(place);
      const first = shadow.take(mintOrder());
      const before = printTree(place.root);
      for (const path of ['hidden', 'empty']) {
        rmSync(at(path), { recursive: true });
        symlinkSync(path === 'empty' && target === 'hidden' ? 'empty' : target, at(path));
      }
      const taken = shadow.take(mintOrder());
      expect(taken).toMatchObject({ tree: writeTreeByGit(place), uncaptured: 0 });
      goBack(shadow, first.id);
      expect(printTree(place.root)).toBe(before);
      expect(readCheckpoint(shadow, taken.id)).toContain(`hidden -> ${target}`);
      shadow.close();
    });
  }
});

describe('what is no file', () => {
  it('pipes, sockets and devices are listed, never opened, and left where they are', async () => {
    execFileSync('mkfifo', [at('pipe')]);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(at('socket'), resolve));
    const isDevice = makeDevice(at('device'));
    const shadow = openTestShadow(place);
    const first = shadow.take(mintOrder());
    expect(first.uncaptured).toBe(0);
    write('a', 'two');
    goBack(shadow, first.id);
    expect(lstatSync(at('pipe')).isFIFO()).toBe(true);
    expect(lstatSync(at('socket')).isSocket()).toBe(true);
    if (isDevice) expect(lstatSync(at('device')).isCharacterDevice()).toBe(true);
    shadow.close();
    await new Promise((resolve) => server.close(resolve));
  });

  it('a file that became a pipe is not written over', () => {
    const shadow = openTestShadow(place);
    const first = shadow.take(mintOrder());
    rmSync(at('a'));
    execFileSync('mkfifo', [at('a')]);
    expect(() => goBack(shadow, first.id)).toThrow('a: cannot be read (special)');
    expect(lstatSync(at('a')).isFIFO()).toBe(true);
    shadow.close();
  });
});

/** Where we may: as root, and not in every container. */
function makeDevice(path: string): boolean {
  try {
    execFileSync('mknod', [path, 'c', '1', '3'], { stdio: 'ignore' });
    return true;
  } catch (error) {
    if ((error as { status?: number }).status === undefined) throw error;
    return false;
  }
}

it.each([
  ['4 GB', 2 ** 32 + 1],
  ['300 MB, which nobody could wait for', 300 << 20],
])('a file of %s is said to be uncaptured, and is never touched', (_, bytes) => {
  write('huge', '');
  truncateSync(at('huge'), bytes);
  const shadow = openTestShadow(place);
  const first = shadow.take(mintOrder());
  expect(first).toMatchObject({ degraded: 'still capturing', uncaptured: 1 });
  expect(shadow.engine.capture(50)).toBe(false);
  write('a', 'two');
  expect(goBack(shadow, first.id).report.skipped).toEqual([]);
  expect(lstatSync(at('huge')).size).toBe(bytes);
  shadow.close();
});

it('a file that never rests is one version of itself in every checkpoint', async () => {
  const stop = new Int32Array(new SharedArrayBuffer(4));
  const script = `
    const { openSync, writeSync } = require('node:fs');
    const { workerData, parentPort } = require('node:worker_threads');
    const fd = openSync(workerData.file, 'w');
    for (let turn = 0; Atomics.load(workerData.stop, 0) === 0; turn += 1) {
      writeSync(fd, Buffer.alloc(4096, 97 + turn % 26), 0, 4096, 0);
      if (turn === 0) parentPort.postMessage('ready');
    }`;
  const worker = new Worker(script, { eval: true, workerData: { file: at('busy'), stop } });
  await new Promise((resolve) => worker.once('message', resolve));
  const shadow = openTestShadow(place);
  const ids = Array.from({ length: 20 }, () => shadow.take(mintOrder()).id);
  Atomics.store(stop, 0, 1);
  await new Promise((resolve) => worker.once('exit', resolve));
  const last = shadow.take(mintOrder());
  expect(last.tree).toBe(writeTreeByGit(place));
  for (const id of ids) {
    const oid = shadow.versionAt(id, 'busy')?.oid ?? '';
    expect(shadow.readBlob(oid)?.length).toBe(4096);
  }
  expect(fsck(place)).toBe('');
  shadow.close();
});

describe('clocks', () => {
  const hour = 3_600_000;
  const jumps: Record<string, number[]> = {
    'back an hour': [0, -hour, -hour + 1],
    'forward a year, and back': [0, 365 * 24 * hour, 1],
    'standing still': [0, 0, 0],
  };
  for (const [name, jump] of Object.entries(jumps)) {
    it(`${name}: order, content and the newest checkpoint stay`, () => {
      const shadow = openTestShadow(place);
      const start = Date.now();
      const taken = jump.map((ms, turn) => {
        write('a', `turn ${turn}`);
        const time = (start + ms) / 1000;
        utimesSync(at('a'), time, time);
        return shadow.take(mintOrder({ at: start + ms }));
      });
      expect(shadow.list().map(({ id }) => id)).toEqual(taken.map(({ id }) => id));
      expect(new Set(taken.map(({ tree }) => tree)).size).toBe(3);
      // However old a clock makes them all, the newest ones are kept.
      const pruned = shadow.prune({ keepLast: 2, before: Number.MAX_SAFE_INTEGER });
      expect(pruned.dropped).toEqual([taken[0]?.id]);
      expect(readCheckpoint(shadow, taken[2]?.id ?? '')).toBe(printTree(place.root));
      shadow.close();
    });
  }
});

it('a clock set back between runs: no number is given twice, and the oldest are forgotten first', () => {
  const many = 22;
  const takeAs = (shadow: Shadow, id: string) => {
    write('a', id);
    return shadow.take({ id: id.padEnd(26, '0'), at: Date.now() }).id;
  };
  const first = openTestShadow(place);
  const early = Array.from({ length: many }, (_, turn) => takeAs(first, `02AA${1000 + turn}`));
  first.close();
  const late = [1, 2, 3].map((turn) => {
    const shadow = openTestShadow(place);
    const id = takeAs(shadow, `01AA${turn}`);
    shadow.close();
    return id;
  });
  const shadow = openTestShadow(place);
  expect(shadow.list().map(({ id }) => id)).toEqual([...early, ...late]);
  expect(new Set(shadow.list().map(({ number }) => number)).size).toBe(many + 3);
  // What is there is what the newest has.
  expect(shadow.take(mintOrder({ unlessSame: true })).id).toBe(late[2]);
  shadow.prune({ keepLast: 4, before: Number.MAX_SAFE_INTEGER });
  expect(shadow.list().map(({ id }) => id)).toEqual([early.at(-1), ...late]);
  shadow.close();
});

it('where nothing can be linked, packs are copied and later owned', () => {
  git(place.root, 'init', '-q');
  git(place.root, 'add', '-A');
  git(place.root, 'commit', '-qm', 'start');
  git(place.root, 'repack', '-adq');
  for (const code of ['EXDEV', 'EPERM', 'EMLINK']) {
    const state = join(place.folder, `state-${code}`);
    const fault = { code, befalls: 'linking' as const, path: '/pack/', hits: () => true };
    const { result: shadow } = runIn({ fault }, () => {
      const opened = openTestShadow({ ...place, state }, { git: true });
      opened.take(mintOrder());
      return opened;
    });
    expect(shadow?.engine.store.ownedBase).toHaveLength(0);
    expect(shadow?.engine.copyBase()).toBe(true);
    expect(shadow?.engine.store.ownedBase).toHaveLength(1);
    shadow?.close();
  }
});

it('everything of ours is for its owner only', () => {
  const old = process.umask(0);
  try {
    const shadow = openTestShadow(place);
    const first = shadow.take(mintOrder());
    write('a', 'two');
    write('new', 'x');
    goBack(shadow, first.id);
    shadow.prune({ keepLast: 1 });
    shadow.close();
  } finally {
    process.umask(old);
  }
  const open = execFileSync('find', [place.state, '-perm', '/077'], { encoding: 'utf8' });
  // What was the user's keeps its mode in the trash, in a folder that nobody else can enter.
  expect(open.split('\n').filter((path) => path !== '' && !path.includes('/trash/'))).toEqual([]);
});

it("a state folder that is somebody else's is refused, and nothing is made in it", () => {
  mkdirSync(place.state, { mode: 0o700 });
  const before = printTree(place.state);
  const uid = process.getuid?.() ?? 0;
  const stood = vi.spyOn(process, 'getuid').mockReturnValue(uid + 1);
  try {
    expect(() => openTestShadow(place)).toThrow('belongs to another user');
  } finally {
    stood.mockRestore();
  }
  expect(printTree(place.state)).toBe(before);
  chmodSync(place.state, 0o700);
});
