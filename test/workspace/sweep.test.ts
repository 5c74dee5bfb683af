/** Two threads find what one thread finds; a restore under attack by a link swapper never leaves the tree. */
import { createHash } from 'node:crypto';
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
import { sizeOf } from '../soak.ts';

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
  const two = openSweeper({ root: folder, excludes: [], threads: 2, files: 10_000 });
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

/** For each of three ways: 10,000 in the soak. */
const turns = sizeOf(100, 3_400);

/** What is swapped for a link to the outside, again and again, while files are written through or to it. */
const swaps: Record<string, { victim: string; target: string; path: (turn: number) => string }> = {
  'the folder of a file': { victim: 'd', target: 'outside', path: (turn) => `d/f${turn}` },
  'a folder further up': { victim: 'd', target: 'outside', path: (turn) => `d/e/f${turn}` },
  'the file itself': { victim: 'd/f', target: 'outside/f', path: () => 'd/f' },
};
for (const [name, { victim, target, path }] of Object.entries(swaps)) {
  it(`${name}, swapped for a link while it is restored: nothing is written outside`, async () => {
    const root = join(folder, 'work');
    const outside = join(folder, 'outside');
    for (const made of ['work/d/e', 'outside/e'])
      mkdirSync(join(folder, made), { recursive: true });
    for (const made of ['work/d/f', 'outside/f', 'outside/e/f'])
      writeFileSync(join(folder, made), 'not yours');
    const script = `
      const { renameSync, symlinkSync, unlinkSync } = require('node:fs');
      const { workerData, parentPort } = require('node:worker_threads');
      const { victim, target, stop } = workerData;
      parentPort.postMessage('ready');
      const swap = () => {
        renameSync(victim, victim + '-kept'); symlinkSync(target, victim);
        unlinkSync(victim); renameSync(victim + '-kept', victim);
      };
      for (let turn = 0; Atomics.load(stop, 0) === 0; turn += 1) {
        if (turn % 2 === 0) Atomics.wait(stop, 0, 0, 1);
        try { swap(); } catch (error) { if (error.code === undefined) throw error; }
      }`;
    const stop = new Int32Array(new SharedArrayBuffer(4));
    const where = { victim: join(root, victim), target: join(folder, target), stop };
    const worker = new Worker(script, { eval: true, workerData: where });
    await new Promise((resolve) => worker.once('message', resolve));
    const blobs = new Map(['one', 'two'].map((text) => [nameBlob(text), Buffer.from(text)]));
    const restorer = openRestorer({
      root,
      folder: join(folder, 'restores'),
      readBlob: (oid) => blobs.get(oid),
    });
    let done = 0;
    for (let turn = 0; turn < turns; turn += 1) {
      const oid = nameBlob(turn % 2 ? 'one' : 'two');
      const found = readVersion(root, path(turn));
      const step = {
        path: path(turn),
        ...(found.kind === 'version' ? { found: found.version } : {}),
        want: { mode: '100644' as const, oid },
      };
      try {
        done += restorer.apply(`R${turn}`, [step]).written.length;
      } catch (error) {
        expect((error as Error).message).toMatch(/link|folder|ENOENT|ENOTDIR|EEXIST|changed/);
        restorer.settle();
      }
    }
    Atomics.store(stop, 0, 1);
    await new Promise((resolve) => worker.once('exit', resolve));
    expect(readdirSync(outside).sort()).toEqual(['e', 'f']);
    expect(readdirSync(join(outside, 'e'))).toEqual(['f']);
    for (const one of ['f', 'e/f'])
      expect(readFileSync(join(outside, one), 'utf8')).toBe('not yours');
    expect(done).toBeGreaterThan(0);
  });
}

function nameBlob(text: string): string {
  return createHash('sha1').update(`blob ${text.length}\0${text}`).digest('hex');
}

it('reads a link as a link, and a loop too', () => {
  symlinkSync('loop', join(folder, 'loop'));
  expect(readVersion(folder, 'loop')).toMatchObject({
    kind: 'version',
    version: { mode: '120000' },
  });
});
