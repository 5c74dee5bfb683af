/** A table keeps each row's own through every change of it, and writes the trees that git would. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addRow, appendRow, dropRow, isAsSeen, writeSeen } from '../../src/snapshot/change-rows.ts';
import { findFolder, findRow, readFolderPath, readName } from '../../src/snapshot/find-rows.ts';
import { folderOf, joinPath, nameOf } from '../../src/snapshot/raw-path.ts';
import { flags, type Kind, kinds, makeTable, type Seen } from '../../src/snapshot/table.ts';
import {
  bytesOf,
  hexOf,
  modes,
  type TreeEntry,
  treeRoom,
  writeFolderTree,
  writeTree,
} from '../../src/snapshot/tree-object.ts';
import { sizeOf } from '../soak.ts';

/** Another one in each column for each number. */
function seenOf(number: number, kind: Kind): Seen {
  const [mtime, ctime] = [BigInt(number) * 3n + 1n, BigInt(number) * 5n + 2n];
  return { kind, mtime, ctime, size: number + 7, inode: number * 2 + 1, rights: number };
}
const oidOf = (number: number) => number.toString(16).padStart(40, '3');
const modeOf = new Map<Kind, number>([
  [kinds.file, modes.file],
  [kinds.program, modes.program],
  [kinds.link, modes.link],
  [kinds.folder, modes.folder],
]);

/** As small as can be, so that it has to grow. */
function openTable() {
  const table = makeTable(1, 1, 1);
  const { columns } = table;
  const model = new Map<string, { readonly kind: Kind; readonly number: number }>();
  let number = 0;
  const folderAt = (path: string) => findFolder(columns, path);

  function fill(row: number, path: string, kind: Kind): void {
    number += 1;
    for (const at of [...model.keys()])
      if (at.startsWith(`${path}/`) && kind !== kinds.folder) model.delete(at);
    model.set(path, { kind, number });
    writeSeen(columns, row, seenOf(number, kind));
    columns.oid.set(bytesOf(oidOf(number)), row * 20);
    columns.flag[row] = kind === kinds.special ? flags.uncaptured : 0;
    const child = columns.child[row] ?? 0;
    if (kind === kinds.folder) columns.folderTree.set(bytesOf(oidOf(number)), child * 20);
  }

  function add(path: string, kind: Kind): void {
    const folder = folderAt(folderOf(path));
    if (folder < 0) return;
    columns.folderMtime[folder] = 1n;
    const isNew = findRow(columns, folder, nameOf(path)) < 0;
    const row = addRow(table, folder, nameOf(path), kind);
    if (isNew) expect(columns.folderMtime[folder]).toBe(0n);
    fill(row, path, kind);
  }

  function append(path: string): void {
    const folder = folderAt(folderOf(path));
    if (folder < 0) return;
    const bytes = Buffer.from(`..${nameOf(path)}..`, 'latin1');
    const before = [table.nameBytes, columns.folderCount[folder]];
    const last = namesIn(folder).at(-1);
    columns.folderMtime[folder] = 1n;
    const row = appendRow(table, folder, { bytes, from: 2, to: bytes.length - 2 });
    expect(row >= 0).toBe(last === undefined || last < nameOf(path));
    // The folder's own times vouch for names that all have rows.
    expect(columns.folderMtime[folder]).toBe(row >= 0 ? 0n : 1n);
    if (row >= 0) fill(row, path, kinds.file);
    else expect([table.nameBytes, columns.folderCount[folder]]).toEqual(before);
  }

  function drop(path: string): void {
    const folder = folderAt(folderOf(path));
    const row = folder < 0 ? -1 : findRow(columns, folder, nameOf(path));
    expect(row >= 0).toBe(model.has(path));
    if (row < 0) return;
    columns.folderMtime[folder] = 1n;
    dropRow(table, folder, row);
    expect(columns.folderMtime[folder]).toBe(0n);
    for (const at of [...model.keys()])
      if (at === path || at.startsWith(`${path}/`)) model.delete(at);
  }

  function rowsOf(folder: number): number[] {
    const first = columns.folderFirst[folder] ?? 0;
    return Array.from({ length: columns.folderCount[folder] ?? 0 }, (_, place) => first + place);
  }
  const namesIn = (folder: number) => rowsOf(folder).map((row) => readName(columns, row));
  return { table, columns, model, add, append, drop, rowsOf, namesIn };
}

const name = fc.constantFrom('a', 'a-', 'a-b', 'a.', 'a.b', 'a0', 'ab', 'b', 'c\xff', '~');
const path = fc.oneof(
  name,
  fc.tuple(name, name).map((names) => names.join('/')),
  fc.tuple(name, name, name).map((names) => names.join('/')),
);
const kind = fc.constantFrom<Kind>(
  kinds.folder,
  kinds.folder,
  kinds.file,
  kinds.program,
  kinds.link,
  kinds.special,
);
const deed = fc.record({ path, kind, what: fc.constantFrom('add', 'add', 'append', 'drop') });

type Made = ReturnType<typeof openTable>;

/** Of one folder: its rows are as they were filled, its tree is that of the same entries. */
function checkFolder({ columns, model, rowsOf }: Made, folder: number): string[] {
  const above = readFolderPath(columns, folder);
  const entries: TreeEntry[] = [];
  const found = rowsOf(folder).map((row) => {
    const inside = readName(columns, row);
    const at = joinPath(above, inside);
    const { kind: is = kinds.none, number = 0 } = model.get(at) ?? {};
    expect([at, isAsSeen(columns, row, seenOf(number, is))]).toEqual([at, true]);
    expect([at, columns.rights[row]]).toEqual([at, number]);
    expect([at, hexOf(columns.oid, row * 20)]).toEqual([at, oidOf(number)]);
    const mode = modeOf.get(is);
    if (mode !== undefined) entries.push({ name: inside, mode, oid: oidOf(number) });
    if (is === kinds.folder) expect(findFolder(columns, at)).toBe(columns.child[row]);
    return at;
  });
  const target = new Uint8Array(treeRoom(columns, folder));
  const length = writeFolderTree(columns, folder, target);
  expect(Buffer.from(target.subarray(0, length))).toEqual(Buffer.from(writeTree(entries)));
  return found;
}

test('rows stay together and in order, and each keeps what is its own', () => {
  fc.assert(
    fc.property(fc.array(deed, { maxLength: 60, size: 'max' }), (deeds) => {
      const made = openTable();
      for (const it of deeds) {
        if (it.what === 'add') made.add(it.path, it.kind);
        else if (it.what === 'append') made.append(it.path);
        else made.drop(it.path);
      }
      const folders = Array.from({ length: made.table.folders }, (_, folder) => folder);
      const left = folders.filter((folder) => made.columns.folderParent[folder] !== -2);
      const found = left.flatMap((folder) => checkFolder(made, folder));
      expect(found.sort()).toEqual([...made.model.keys()].sort());
    }),
    { numRuns: sizeOf(60, 20_000) },
  );
});

test('what a path was before is no part of what it is: every number counts', () => {
  const { table, columns } = openTable();
  const row = addRow(table, 0, 'f', kinds.file);
  const seen = seenOf(1, kinds.file);
  writeSeen(columns, row, seen);
  expect(isAsSeen(columns, row, seen)).toBe(true);
  const others = [
    { kind: kinds.program },
    { mtime: 0n },
    { ctime: 0n },
    { size: 0 },
    { inode: 0 },
  ] as const;
  for (const other of others)
    expect([other, isAsSeen(columns, row, { ...seen, ...other })]).toEqual([other, false]);
  // A row in its place later is another, of which nobody has seen anything.
  dropRow(table, 0, row);
  columns.flag[row] = flags.doubtful;
  expect(appendRow(table, 0, { bytes: Buffer.from('g'), from: 0, to: 1 })).toBe(row);
  expect(columns.rights[row]).toBe(0);
  dropRow(table, 0, row);
  columns.rights[row] = 5;
  expect(addRow(table, 0, 'f', kinds.file)).toBe(row);
  expect([columns.rights[row], columns.flag[row]]).toEqual([0, 0]);
});

test('a name with a slash, or before the last, is not appended', () => {
  const { table, columns } = openTable();
  const bytes = Buffer.from('b/c a b ba');
  const append = (from: number, to: number) => appendRow(table, 0, { bytes, from, to });
  expect(append(0, 1)).toBeGreaterThanOrEqual(0);
  const before = table.nameBytes;
  for (const [from, to] of [
    [0, 3],
    [4, 5],
    [6, 7],
  ] as const)
    expect(append(from, to)).toBe(-1);
  expect([table.nameBytes, columns.folderCount[0]]).toEqual([before, 1]);
  expect(append(8, 10)).toBeGreaterThanOrEqual(0);
});
