/** A sweep that begins while the index is still being read finds what one finds that begins afterwards. */
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readFolderPath } from '../../src/snapshot/find-rows.ts';
import { makeTable, type Table } from '../../src/snapshot/table.ts';
import { openSweeper, type Sweeper } from '../../src/workspace/open-sweeper.ts';
import { type Seeding, seedTable } from '../../src/workspace/seed-table.ts';

const never = Number.POSITIVE_INFINITY;
let root: string;
let index: Buffer;
let two: Sweeper;
let wanted: readonly string[];

beforeAll(async () => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'clew-early-')));
  // Names that sort before and behind the slash: folders that git's order takes apart from their files.
  for (let id = 0; id < 240; id += 1) {
    const folder = join(root, `d${id % 5}`, ['a', 'a-b', 'a.c', 'a0'][id % 4] ?? '', `e${id % 3}`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `f${id}`), String(id));
    writeFileSync(join(folder, '..', `a${id % 7}.txt`), String(id));
  }
  writeFileSync(join(root, 'top'), 'top');
  const git = (...args: string[]) => execFileSync('git', args, { cwd: root });
  git('init', '-q');
  git('add', '-A');
  index = readFileSync(join(root, '.git/index'));
  for (let id = 1; id < 240; id += 9) {
    const folder = `d${id % 5}/${['a', 'a-b', 'a.c', 'a0'][id % 4]}/e${id % 3}`;
    appendFileSync(join(root, folder, `f${id}`), 'more');
  }
  rmSync(join(root, 'd2/a.c'), { recursive: true });
  mkdirSync(join(root, 'd0/new/deep'), { recursive: true });
  writeFileSync(join(root, 'd0/new/deep/file'), 'new');
  writeFileSync(join(root, 'beside'), 'new');
  two = openSweeper({ root, excludes: [], threads: 2, files: 10_000 });
  expect(await two.started).toBe(true);
  const one = openSweeper({ root, excludes: [], threads: 1 });
  const table = makeTable();
  seed(table, undefined);
  wanted = [...one.sweep(table, never).changed].sort();
  expect(wanted.length).toBeGreaterThan(20);
  expect(wanted.length).toBeLessThan(200);
});

afterAll(async () => {
  await two.close();
  rmSync(root, { recursive: true, force: true });
});

function seed(table: Table, list: Seeding['list']): void {
  const indexMtime = 2n ** 62n;
  const seeded = seedTable(table, { index, indexMtime, prefix: '', list });
  expect(seeded.why).toBeUndefined();
}

function seedEarly(table: Table) {
  const list = two.beginEarly(table, never);
  if (list === undefined) throw new Error('the second thread is there, and was not asked');
  seed(table, list);
  return list;
}

function sweep(table: Table): string[] {
  const report = two.sweep(table, never);
  expect(report.complete).toBe(true);
  return [...report.changed].sort();
}

it('finds the same', () => {
  for (let turn = 0; turn < 10; turn += 1) {
    const table = makeTable(2000, 500, 50_000);
    const list = seedEarly(table);
    list.close();
    expect(list.isWhole).toBe(true);
    expect(sweep(table)).toEqual(wanted);
  }
});

it('finds the same where the table outgrew what the other thread has of it', () => {
  for (const [rows, folders, bytes] of [
    [1, 500, 50_000],
    [2000, 1, 50_000],
    [2000, 500, 1],
  ]) {
    const table = makeTable(rows, folders, bytes);
    const list = seedEarly(table);
    list.close();
    const outcome = { rows, folders, bytes, isWhole: list.isWhole, found: sweep(table) };
    expect(outcome).toEqual({ rows, folders, bytes, isWhole: false, found: wanted });
  }
});

it('finds the same where nothing came of the table that was begun with, or its filling broke off', () => {
  const left = two.beginEarly(makeTable(), never);
  left?.add(0);
  const broken = two.beginEarly(makeTable(), never);
  broken?.spoil();
  broken?.close();
  expect(broken?.isWhole).toBe(false);
  const table = makeTable(2000, 500, 50_000);
  seed(table, undefined);
  expect(sweep(table)).toEqual(wanted);
});

it('finds the same after a sweep over which the caller failed', () => {
  const table = makeTable(2000, 500, 50_000);
  seedEarly(table).close();
  const fail = () => {
    throw new Error('no disk');
  };
  expect(() => two.sweep(table, never, fail)).toThrow('no disk');
  const next = makeTable();
  seed(next, undefined);
  expect(sweep(next)).toEqual(wanted);
});

it('lists each folder once, with all its rows, and those below it first', () => {
  const table = makeTable();
  const listed = new Map<string, number>();
  const add = (folder: number) => {
    const path = readFolderPath(table.columns, folder);
    expect(listed.has(path)).toBe(false);
    listed.set(path, table.columns.folderCount[folder] ?? 0);
  };
  seed(table, { add, spoil: () => expect.unreachable() });
  expect(listed.size).toBe(table.folders);
  for (let folder = 0; folder < table.folders; folder += 1) {
    const path = readFolderPath(table.columns, folder);
    expect(listed.get(path)).toBe(table.columns.folderCount[folder]);
  }
  const order = [...listed.keys()];
  for (const path of order) {
    const above = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
    if (path !== '') expect(order.indexOf(above)).toBeGreaterThan(order.indexOf(path));
  }
});

it('says so when an index out of order comes back to a folder', () => {
  index = writeIndex(['a/x', 'b/x', 'a/y']);
  const told: string[] = [];
  const table = makeTable();
  seed(table, { add: () => told.push('add'), spoil: () => told.push('spoil') });
  expect(told.indexOf('spoil')).toBe(told.indexOf('add') + 2);
  expect(told).toContain('spoil');
});

/** Version 2, with nothing in it but paths. */
function writeIndex(paths: readonly string[]): Buffer {
  const head = Buffer.from('DIRC\0\0\0\x02\0\0\0\0', 'latin1');
  head.writeUInt32BE(paths.length, 8);
  const entries = paths.map((path) => {
    const entry = Buffer.alloc((62 + path.length + 8) & ~7);
    entry.writeUInt32BE(0o100644, 24);
    entry.writeUInt16BE(path.length, 60);
    entry.write(path, 62, 'latin1');
    return entry;
  });
  return Buffer.concat([head, ...entries, Buffer.alloc(20)]);
}
