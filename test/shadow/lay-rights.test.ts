/** Rights laid down bit by bit say the same as laid down at once, of what is there and of nothing else. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { diffCheckpoints, diffFolders } from '../../src/shadow/diff-checkpoints.ts';
import { holdFolderRights, layRights } from '../../src/shadow/lay-rights.ts';
import { dressBy } from '../../src/shadow/open-rights.ts';
import { noLists } from '../../src/shadow/write-commit.ts';
import { addRow, dropRow } from '../../src/snapshot/change-rows.ts';
import { findFolder, findRow } from '../../src/snapshot/find-rows.ts';
import { folderOf, nameOf } from '../../src/snapshot/raw-path.ts';
import type { Version } from '../../src/snapshot/restore-step.ts';
import { noteRights, readRights } from '../../src/snapshot/rights.ts';
import { kinds, makeTable } from '../../src/snapshot/table.ts';
import { modes, type TreeEntry, writeTree } from '../../src/snapshot/tree-object.ts';
import { sizeOf } from '../soak.ts';

type Mode = '100644' | '100755' | '040000';
const kindOf = { 100644: kinds.file, 100755: kinds.program, '040000': kinds.folder } as const;
const program = '100755';
const file = '100644';
const folder = '040000';

/** A table, changed as those do who look at the disk. */
function openTable() {
  const table = makeTable();
  const { columns } = table;
  const modeAt = new Map<string, Mode>();

  function forget(path: string): void {
    for (const at of [...modeAt.keys()])
      if (at === path || at.startsWith(`${path}/`)) modeAt.delete(at);
  }

  function set(path: string, mode: Mode, rights: number): void {
    const above = findFolder(columns, folderOf(path));
    const noted = rights === 0 ? 0 : noteRights(rights);
    const row = addRow(table, above, nameOf(path), kindOf[mode]);
    columns.rights[row] = noted;
    columns.folderRightsStale[above] = 1;
    if (mode !== folder) forget(path);
    modeAt.set(path, mode);
    if (mode !== folder) return;
    const child = columns.child[row] ?? 0;
    columns.folderRights[child] = noted;
    columns.folderRightsStale[child] = 1;
  }

  function drop(path: string): void {
    const above = findFolder(columns, folderOf(path));
    const row = above < 0 ? -1 : findRow(columns, above, nameOf(path));
    if (row >= 0) dropRow(table, above, row);
    forget(path);
  }

  function rightsAt(path: string): number | undefined {
    const row = findRow(columns, findFolder(columns, folderOf(path)), nameOf(path));
    const isFolder = modeAt.get(path) === folder;
    const noted = isFolder ? columns.folderRights[columns.child[row] ?? 0] : columns.rights[row];
    return noted ? noted & 0o7777 : undefined;
  }

  const lay = () => layRights(table).toString('latin1');
  return { table, modeAt, set, drop, rightsAt, lay };
}

const paths = ['a', 'b', 'c', 'd', 'd/a', 'd/b', 'd/c', 'd/e', 'd/e/a', 'd/e/b', 'f', 'f/a'];
const deed = fc.record({
  path: fc.constantFrom(...paths),
  mode: fc.constantFrom<Mode>(file, program, folder),
  rights: fc.constantFrom(0, 0o644, 0o600, 0o755, 0o700, 0o4755),
  what: fc.constantFrom('set', 'set', 'set', 'set', 'drop', 'lay'),
});

const last = { path: '', mode: file, rights: 0, what: 'lay' } as const;

test('a record tells of each path what the table knows of it, however it came to be', () => {
  fc.assert(
    fc.property(fc.array(deed, { maxLength: 40 }), (deeds) => {
      const { table, modeAt, set, drop, rightsAt, lay } = openTable();
      for (const { path, mode, rights, what } of [...deeds, last]) {
        if (what === 'drop') drop(path);
        if (what === 'set' && findFolder(table.columns, folderOf(path)) >= 0)
          set(path, mode, rights);
        if (what !== 'lay') continue;
        const { of, listed } = readRights(lay());
        for (const [at, is] of modeAt) expect([at, of(at, is)]).toEqual([at, rightsAt(at)]);
        const named = [...listed['='].keys(), ...listed.d.keys()].filter((at) => !modeAt.has(at));
        const inside = [...listed.f.keys(), ...listed.x.keys()].filter(
          (at) => at !== '' && modeAt.get(at) !== folder,
        );
        expect([...named, ...inside]).toEqual([]);
      }
    }),
    { numRuns: sizeOf(150, 20_000) },
  );
});

test('the same rights are the same record, whatever was between', () => {
  const { set, lay } = openTable();
  for (const at of ['d', 'e']) set(at, folder, 0o755);
  for (const at of ['d/f', 'd/g', 'd/h', 'e/f', 'e/g', 'e/h']) set(at, file, 0o644);
  for (const at of ['d/f', 'e/f']) set(at, file, 0o600);
  const first = lay();
  expect(first).toBe('644 755 755\0=600 d/f\0=600 e/f\0');
  set('d/f', file, 0o644);
  expect(lay()).toBe('644 755 755\0=600 e/f\0');
  set('d/f', file, 0o600);
  expect(lay()).toBe(first);
});

test('what most have is said once: of all, and of a folder', () => {
  const { table, set, lay } = openTable();
  expect(openTable().lay()).toBe('644 755 755\0');
  set('a', file, 0);
  set('p', program, 0);
  expect(lay()).toBe('? ? 755\0');
  // Begun before all was looked at: what is usual comes to be known later, one after the other.
  set('a', file, 0o640);
  expect(lay()).toBe('640 ? 755\0');
  set('p', program, 0o750);
  expect(lay()).toBe('640 750 755\0');
  set('d', folder, 0o750);
  for (const name of ['a', 'b', 'c', 'z']) set(`d/${name}`, file, name === 'z' ? 0o444 : 0o600);
  for (const name of ['p', 'q']) set(`d/${name}`, program, 0o700);
  const record = '640 750 755\0d750 d\0f600 d\0=444 d/z\0x700 d\0';
  expect(lay()).toBe(record);
  // Nobody's rights are asked for of the folder that all is in.
  table.columns.folderRights[0] = noteRights(0o700);
  table.columns.folderRightsStale[0] = 1;
  expect(lay()).toBe(record);
});

test('rights that folders got after a look are given back to it, and read anew by the next', () => {
  const { table, set, drop } = openTable();
  const { columns } = table;
  for (const at of ['a', 'b', 'd', 'e']) set(at, folder, at === 'd' ? 0 : 0o700);
  columns.folderMtime.fill(5n);
  const giveBack = holdFolderRights(table);
  set('a', folder, 0o755);
  set('d', folder, 0o750);
  drop('e');
  set('new', folder, 0o711);
  columns.folderMtime.fill(5n);
  giveBack();
  const of = (at: string) => {
    const is = findFolder(columns, at);
    return [(columns.folderRights[is] ?? 0) & 0o7777, columns.folderMtime[is]];
  };
  expect(['a', 'b', 'd', 'new'].map(of)).toEqual([
    [0o700, 0n],
    [0o700, 5n],
    // Nobody had looked: then what is seen later is all there is.
    [0o750, 5n],
    [0o711, 5n],
  ]);
});

/** A checkpoint with the same tree always, an empty folder `e`, and rights as they are told. */
function sideOf(record: string) {
  const id = (digit: string) => digit.repeat(40);
  const entry = (name: string, mode: number, oid: string): TreeEntry => ({ name, mode, oid });
  const trees = new Map([
    [id('a'), [entry('f', modes.file, id('1')), entry('p', modes.program, id('2'))]],
    [id('b'), [entry('d', modes.folder, id('a')), entry('g', modes.file, id('3'))]],
  ]);
  trees.get(id('b'))?.push(entry('l', modes.link, id('4')), entry('q', modes.program, id('5')));
  const store = {
    read(oid: string) {
      const entries = trees.get(oid);
      return entries && { type: 'tree' as const, bytes: Buffer.from(writeTree(entries)) };
    },
  };
  const rights = dressBy(readRights(record.replaceAll(',', '\0')));
  const lists = { ...noLists, folders: ['e'] };
  return { store, side: { tree: id('b'), rights, lists } };
}

test.each([
  ['the same', '644 755 755,', '644 755 755,', ''],
  ['usual files', '644 755 755,', '600 755 755,', 'd/f g'],
  ['usual programs', '644 755 755,', '644 700 755,', 'd/p q'],
  ['usual folders', '644 755 755,', '644 755 700,', 'd/ e/'],
  ['usual folders, an empty one as before', '644 755 755,', '644 755 700,d755 e,', 'd/'],
  ['usual files, one as before', '644 755 755,', '600 755 755,=644 g,', 'd/f'],
  ['one file', '644 755 755,=600 g,', '644 755 755,', 'g'],
  ['one file, from one to another', '644 755 755,=600 g,', '644 755 755,=640 g,', 'g'],
  ['one file, which says as much as nothing', '644 755 755,=644 g,', '644 755 755,', ''],
  ['files of a folder', '644 755 755,', '644 755 755,f600 d,', 'd/f'],
  ['programs of a folder', '644 755 755,x700 d,', '644 755 755,', 'd/p'],
  ['files and programs beside the folder', '644 755 755,', '644 755 755,f600 ,x700 ,', 'g q'],
  ['one folder', '644 755 755,d700 d,', '644 755 755,d750 d,', 'd/'],
  ['unseen by one', '644 755 755,=? g,f? d,d? d,', '600 755 755,=600 g,d700 d,', ''],
])('between two records, others have: %s', (_, one, other, found) => {
  const { store, side: before } = sideOf(one);
  const { side: after } = sideOf(other);
  for (const [was, is] of [
    [before, after],
    [after, before],
  ] as const) {
    const files = diffCheckpoints(store, was, is);
    const told = files.map(({ path }) => path);
    expect([...told, ...diffFolders(store, was, is).map((at) => `${at}/`)].join(' ')).toBe(found);
    for (const { before: then, after: now } of files) {
      const rights = [then, now].map((it) => (it as Version).rights);
      expect(rights.every((it) => typeof it === 'number')).toBe(true);
      expect(rights[0]).not.toBe(rights[1]);
    }
  }
  const nothing = { ...after, rights: { record: undefined, dress: after.rights.dress } };
  expect([
    ...diffCheckpoints(store, before, nothing),
    ...diffFolders(store, nothing, after),
  ]).toEqual([]);
});
