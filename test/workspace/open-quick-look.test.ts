/** The quick look says "as known" of nothing that was touched, and does say it of what was not. */
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { addRow, writeSeen } from '../../src/snapshot/change-rows.ts';
import { type RawPath, readPath } from '../../src/snapshot/raw-path.ts';
import { flags, kinds, makeTable, type Table } from '../../src/snapshot/table.ts';
import { openQuickLook, type QuickLook } from '../../src/workspace/open-quick-look.ts';
import { readSeen } from '../../src/workspace/read-seen.ts';

let root: string;
let table: Table;
let quick: QuickLook;

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'clew-quick-')));
  table = makeTable();
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const at = (name: string) => join(root, name);

/** A row of the root as the file is now. */
function know(name: string): number {
  const path: RawPath = readPath(name);
  const seen = readSeen(root, path);
  if (!seen) throw new Error(`${name} is not there`);
  const row = addRow(table, 0, path, seen.kind);
  writeSeen(table.columns, row, seen);
  quick = openQuickLook(root, table.columns);
  quick.enter(0);
  return row;
}

const names = ['a', 'with space', '-dash', 'grüße', '日本', 'new\nline', 'n'.repeat(255)];
it.each(names)('knows %j again', (name) => {
  writeFileSync(at(name), 'text');
  const row = know(name);
  expect(quick.isAsKnown(row)).toBe(true);
});

const touches: Record<string, (place: string) => void> = {
  'more bytes': (place) => appendFileSync(place, '!'),
  'other bytes, the same size': (place) => writeFileSync(place, 'TEXT'),
  'other bytes, size and mtime as before': (place) => {
    const { atime, mtime } = lstatSync(place);
    writeFileSync(place, 'TEXT');
    utimesSync(place, atime, mtime);
  },
  'another file put there, size and mtime as before': (place) => {
    const { atime, mtime } = lstatSync(place);
    copyFileSync(place, `${place}.new`);
    utimesSync(`${place}.new`, atime, mtime);
    renameSync(`${place}.new`, place);
  },
  'exec bit': (place) => chmodSync(place, 0o755),
  'an mtime that is a millisecond later': (place) => {
    const { atime, mtimeMs } = lstatSync(place);
    utimesSync(place, atime, (mtimeMs + 1) / 1000);
  },
  gone: (place) => unlinkSync(place),
  'a folder instead': (place) => {
    unlinkSync(place);
    mkdirSync(place);
  },
  'a link to itself instead': (place) => {
    unlinkSync(place);
    symlinkSync(place, place);
  },
};
it.each(Object.entries(touches))('looks closer after: %s', (_, touch) => {
  writeFileSync(at('a'), 'text');
  utimesSync(at('a'), 1_700_000_000, 1_700_000_000.25);
  const row = know('a');
  expect(quick.isAsKnown(row)).toBe(true);
  // The kernel's clock may not have moved on since.
  const { ctimeMs } = lstatSync(at('a'));
  do writeFileSync(at('clock'), '');
  while (lstatSync(at('clock')).ctimeMs === ctimeMs);
  touch(at('a'));
  expect(quick.isAsKnown(row)).toBe(false);
});

const columns = ['mtime', 'ctime', 'size', 'inode', 'kind'] as const;
it.each(columns)('looks closer where the row has another %s', (column) => {
  writeFileSync(at('a'), 'text');
  const row = know('a');
  const values = table.columns[column];
  if (values instanceof BigInt64Array) values[row] = (values[row] ?? 0n) + 1000n;
  else values[row] = (values[row] ?? 0) ^ 2;
  expect(quick.isAsKnown(row)).toBe(false);
});

it('looks closer where the row is doubtful', () => {
  writeFileSync(at('a'), 'text');
  const row = know('a');
  table.columns.flag[row] = flags.doubtful;
  expect(quick.isAsKnown(row)).toBe(false);
});

it('goes through folders of any depth', () => {
  const names = Array.from({ length: 12 }, (_, level) => `${level}`.padEnd(200, 'x'));
  mkdirSync(at(names.join('/')), { recursive: true });
  let folder = 0;
  for (const name of names) {
    const above = addRow(table, folder, name, kinds.folder);
    folder = table.columns.child[above] ?? 0;
  }
  for (const place of ['a', `${names.join('/')}/a`]) writeFileSync(at(place), 'text');
  const row = know('a');
  quick.enter(folder);
  expect(quick.isAsKnown(row)).toBe(false);
  const seen = readSeen(root, `${names.join('/')}/a`);
  if (seen) writeSeen(table.columns, row, seen);
  expect(quick.isAsKnown(row)).toBe(true);
  quick.enter(0);
  expect(quick.isAsKnown(row)).toBe(false);
});

it('a link where a folder was is another thing, wherever it leads', () => {
  mkdirSync(at('d'));
  const above = addRow(table, 0, 'd', kinds.folder);
  const folder = table.columns.child[above] ?? 0;
  const { mtimeNs, ctimeNs } = lstatSync(at('d'), { bigint: true });
  table.columns.folderMtime[folder] = mtimeNs;
  table.columns.folderCtime[folder] = ctimeNs;
  quick = openQuickLook(root, table.columns);
  quick.enter(folder);
  expect(quick.isFolderAsKnown()).toBe(true);
  renameSync(at('d'), at('e'));
  const now = lstatSync(at('e'), { bigint: true });
  table.columns.folderCtime[folder] = now.ctimeNs;
  symlinkSync('e', at('d'));
  expect(quick.isFolderAsKnown()).toBe(false);
  unlinkSync(at('d'));
  expect(quick.isFolderAsKnown()).toBe(false);
});
