/** Two threads find what one thread finds; a restore under attack by a link swapper never leaves the tree. */
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeTable } from '../../src/snapshot/table.ts';
import { openRestorer } from '../../src/workspace/open-restorer.ts';
import { openSweeper } from '../../src/workspace/open-sweeper.ts';
import { readVersion } from '../../src/workspace/read-version.ts';

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'clew-sweep-')));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('one thread and two find the same, whatever the shape of the tree', async () => {
  for (let id = 0; id < 400; id += 1) {
    const path = join(folder, `d${id % 7}/e${id % 31}/${'deep/'.repeat(id % 5)}f${id}`);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, String(id));
  }
  writeFileSync(join(folder, '.gitignore'), 'd3/\n*7\n');
  const one = openSweeper({ root: folder, excludes: [], threads: 1 });
  const two = openSweeper({ root: folder, excludes: [], threads: 2 });
  const wanted = [...one.sweep(makeTable(), Number.POSITIVE_INFINITY).changed].sort();
  expect(wanted.length).toBeGreaterThan(300);
  expect(await two.started).toBe(true);
  for (let turn = 0; turn < 20; turn += 1) {
    const found = two.sweep(makeTable(), Number.POSITIVE_INFINITY);
    expect([...found.changed].sort()).toEqual(wanted);
    expect(found.complete).toBe(true);
  }
  await two.close();
});

it('stops when its time is up, and says so', () => {
  const sweeper = openSweeper({ root: folder, excludes: [], threads: 1 });
  expect(sweeper.sweep(makeTable(), Date.now() - 1)).toMatchObject({ complete: false });
});

it('a folder swapped for a link while it is restored: nothing is written outside', async () => {
  const root = join(folder, 'work');
  const outside = join(folder, 'outside');
  mkdirSync(join(root, 'd'), { recursive: true });
  mkdirSync(outside);
  writeFileSync(join(outside, 'f'), 'not yours');
  const script = `
    const { renameSync, symlinkSync, unlinkSync } = require('node:fs');
    const { workerData, parentPort } = require('node:worker_threads');
    const { root, outside, stop } = workerData;
    parentPort.postMessage('ready');
    while (Atomics.load(stop, 0) === 0) {
      try {
        Atomics.wait(stop, 0, 0, 1);
        renameSync(root + '/d', root + '/kept'); symlinkSync(outside, root + '/d');
        unlinkSync(root + '/d'); renameSync(root + '/kept', root + '/d');
      } catch (error) { if (error.code === undefined) throw error; }
    }`;
  const stop = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(script, { eval: true, workerData: { root, outside, stop } });
  await new Promise((resolve) => worker.once('message', resolve));
  const bytes = Buffer.from('restored');
  const oid = (() => {
    writeFileSync(join(folder, 'sample'), bytes);
    const found = readVersion(folder, 'sample');
    return found.kind === 'version' ? found.version.oid : '';
  })();
  const restorer = openRestorer({ root, folder: join(folder, 'restores'), readBlob: () => bytes });
  let done = 0;
  for (let turn = 0; turn < 300; turn += 1) {
    try {
      done += restorer.apply(`R${turn}`, [{ path: `d/f${turn}`, want: { mode: '100644', oid } }])
        .written.length;
    } catch (error) {
      expect((error as Error).message).toMatch(/symbolic link|folder|ENOENT|ENOTDIR|changed/);
    }
  }
  Atomics.store(stop, 0, 1);
  await new Promise((resolve) => worker.once('exit', resolve));
  expect(readdirSync(outside)).toEqual(['f']);
  expect(readFileSync(join(outside, 'f'), 'utf8')).toBe('not yours');
  expect(done).toBeGreaterThan(0);
});

it('reads a link as a link, and a loop too', () => {
  symlinkSync('loop', join(folder, 'loop'));
  expect(readVersion(folder, 'loop')).toMatchObject({
    kind: 'version',
    version: { mode: '120000' },
  });
});
