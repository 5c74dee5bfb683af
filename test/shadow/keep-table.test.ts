/** What one run learnt of a folder without git, the next one knows; damaged or foreign, it is as if it were not there. */
import { copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { loadTable, saveTable } from '../../src/shadow/keep-table.ts';
import { addRow } from '../../src/snapshot/change-rows.ts';
import { flags, kinds, makeTable } from '../../src/snapshot/table.ts';
import {
  dropPlace,
  fsck,
  makePlace,
  mintOrder,
  openTestShadow,
  type Place,
  writeTreeByGit,
} from './open-test-shadow.ts';

/** A folder that nobody wrote in a moment ago: what is young is read again in any case. */
const settled = fileURLToPath(new URL('../../src/snapshot', import.meta.url));

let place: Place;
beforeEach(() => {
  const made = makePlace();
  place = { ...made, root: settled };
});
afterEach(() => dropPlace(place));

function takeOnce(): { changed: number; tree: string } {
  const shadow = openTestShadow(place);
  const { changed, tree } = shadow.take(mintOrder());
  shadow.close();
  return { changed, tree };
}

it('the second run reads nothing again', () => {
  const first = takeOnce();
  expect(first.changed).toBeGreaterThan(10);
  expect(takeOnce()).toEqual({ changed: 0, tree: first.tree });
  expect(fsck(place)).toBe('');
});

it('any byte of it changed, or cut: everything is read', () => {
  const first = takeOnce();
  const file = join(place.state, 'table');
  const whole = readFileSync(file);
  for (const at of [0, 4, 40, whole.length >> 1, whole.length - 1]) {
    const broken = Buffer.from(whole);
    broken[at] = 255 - (broken[at] ?? 0);
    writeFileSync(file, broken);
    expect({ at, ...takeOnce() }).toEqual({ at, ...first });
  }
  writeFileSync(file, whole.subarray(0, whole.length - 100));
  expect(takeOnce()).toEqual(first);
  writeFileSync(file, '');
  expect(takeOnce()).toEqual(first);
});

it('the table of another folder is not used', () => {
  takeOnce();
  const other = makePlace();
  cpSync(settled, other.root, { recursive: true });
  mkdirSync(other.state, { recursive: true });
  copyFileSync(join(place.state, 'table'), join(other.state, 'table'));
  const shadow = openTestShadow(other);
  expect(shadow.take(mintOrder()).changed).toBeGreaterThan(10);
  expect(fsck(other)).toBe('');
  shadow.close();
  dropPlace(other);
});

it('what the store does not have any more is read again', () => {
  const first = takeOnce();
  const kept = readFileSync(join(place.state, 'table'));
  dropPlace({ ...place, folder: join(place.state, 'store.git') });
  writeFileSync(join(place.state, 'table'), kept);
  expect(takeOnce()).toEqual(first);
  expect(fsck(place)).toBe('');
});

it('a name that came or went, an edit, and a changed ignore file are seen', () => {
  const other = makePlace();
  place = other;
  const write = (name: string, text: string) => writeFileSync(join(other.root, name), text);
  for (const name of ['a', 'b', 'c.log']) write(name, name);
  takeOnce();
  write('a', 'another');
  write('d', 'new');
  rmSync(join(other.root, 'b'));
  const first = takeOnce();
  expect(first.tree).toBe(writeTreeByGit(other));
  write('.gitignore', '*.log\n');
  const shadow = openTestShadow(other);
  const second = shadow.take(mintOrder());
  const here = (path: string) => shadow.versionAt(second.id, path) !== undefined;
  expect(['.gitignore', 'a', 'b', 'c.log', 'd'].filter(here)).toEqual(['.gitignore', 'a', 'd']);
  shadow.close();
});

it('is of one workspace; and of another boot, what was young then is read again', () => {
  const file = join(place.folder, 'table');
  const table = makeTable();
  const [atMs, { columns }] = [1_000_000, table];
  for (const [name, ctimeMs] of [
    ['old', atMs - 70_000],
    ['young', atMs - 50_000],
  ] as const)
    columns.ctime[addRow(table, 0, name, kinds.file)] = BigInt(ctimeMs) * 1_000_000n;
  const flagsNow = () => [...(loadTable(file, 'one')?.columns.flag.subarray(0, 2) ?? [])];
  saveTable(file, table, 'one');
  expect(flagsNow()).toEqual([0, 0]);
  expect(loadTable(file, 'two')).toBeUndefined();
  vi.useFakeTimers({ toFake: ['Date'], now: atMs });
  saveTable(file, table, 'one');
  vi.useRealTimers();
  expect(flagsNow()).toEqual([0, flags.doubtful]);
});
