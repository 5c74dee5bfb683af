/** Puts rows into a table and takes them out, so that each folder's stay together and in order. */
import { findRow } from './find-rows.ts';
import {
  addFolder,
  addName,
  type Columns,
  type Kind,
  kinds,
  reserveName,
  reserveRows,
  type Seen,
  type Table,
} from './table.ts';

/** Adds a row, or finds it. A folder row gets its folder. */
export function addRow(table: Table, folder: number, name: string, kind: Kind): number {
  const found = findRow(table.columns, folder, name);
  const row = found >= 0 ? found : insertRow(table, folder, name, -1 - found);
  const before = table.columns.kind[row];
  if (kind === kinds.folder && before !== kinds.folder) {
    const made = addFolder(table, folder, name);
    table.columns.child[row] = made;
  }
  if (before === kinds.folder && kind !== kinds.folder) {
    dropFolder(table, table.columns.child[row] ?? -1);
  }
  table.columns.kind[row] = kind;
  return row;
}

const rowsMore = 4;

/** A name as a part of other bytes. */
export type NameBytes = { readonly bytes: Uint8Array; from: number; to: number };

/** Adds a row behind the last one of a folder, its name given as bytes; -1 when it belongs before it, or further down. */
export function appendRow(table: Table, folder: number, name: NameBytes): number {
  const { bytes, from, to } = name;
  const count = table.columns.folderCount[folder] ?? 0;
  let row = (table.columns.folderFirst[folder] ?? 0) + count;
  if (count > 0 && !isBefore(table.columns, row - 1, name)) return -1;
  const at = reserveName(table, to - from);
  const { names } = table.columns;
  for (let index = from; index < to; index += 1) {
    const byte = bytes[index] ?? 0;
    if (byte === slash) {
      table.nameBytes = at;
      return -1;
    }
    names[at + index - from] = byte;
  }
  if (count === (table.columns.folderRoom[folder] ?? 0)) row = moveFolder(table, folder, row);
  const { columns } = table;
  columns.folderCount[folder] = count + 1;
  columns.nameAt[row] = at;
  columns.nameLength[row] = to - from;
  columns.rights[row] = 0;
  columns.folderMtime[folder] = 0n;
  return row;
}

const slash = 0x2f;

function isBefore(columns: Columns, row: number, { bytes, from, to }: NameBytes): boolean {
  const at = columns.nameAt[row] ?? 0;
  const length = columns.nameLength[row] ?? 0;
  const shared = Math.min(length, to - from);
  for (let index = 0; index < shared; index += 1) {
    const difference = (columns.names[at + index] ?? 0) - (bytes[from + index] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return length < to - from;
}

function insertRow(table: Table, folder: number, name: string, place: number): number {
  const count = table.columns.folderCount[folder] ?? 0;
  let row = place;
  if (count === (table.columns.folderRoom[folder] ?? 0)) row = moveFolder(table, folder, place);
  const { columns } = table;
  const end = (columns.folderFirst[folder] ?? 0) + count;
  shiftRows(columns, row, row + 1, end - row);
  columns.folderCount[folder] = count + 1;
  columns.nameAt[row] = addName(table, name);
  columns.nameLength[row] = name.length;
  columns.flag[row] = 0;
  columns.kind[row] = kinds.none;
  columns.rights[row] = 0;
  columns.folderMtime[folder] = 0n;
  return row;
}

/** Gives a folder that is full a larger place at the end; answers where `place` went. */
function moveFolder(table: Table, folder: number, place: number): number {
  const count = table.columns.folderCount[folder] ?? 0;
  const from = table.columns.folderFirst[folder] ?? 0;
  if (count > 0 && from + count === table.rows) {
    // It is the last one already: filled name by name, a table has next to no gaps.
    reserveRows(table, rowsMore);
    table.columns.folderRoom[folder] = count + rowsMore;
    return place;
  }
  const room = count === 0 ? rowsMore : count * 2;
  const at = reserveRows(table, room);
  shiftRows(table.columns, from, at, count);
  table.columns.folderFirst[folder] = at;
  table.columns.folderRoom[folder] = room;
  table.wasted += count;
  return count === 0 ? at : at + (place - from);
}

function shiftRows(columns: Columns, from: number, to: number, count: number): void {
  if (count <= 0) return;
  const end = from + count;
  columns.nameAt.copyWithin(to, from, end);
  columns.nameLength.copyWithin(to, from, end);
  columns.kind.copyWithin(to, from, end);
  columns.flag.copyWithin(to, from, end);
  columns.mtime.copyWithin(to, from, end);
  columns.ctime.copyWithin(to, from, end);
  columns.size.copyWithin(to, from, end);
  columns.inode.copyWithin(to, from, end);
  columns.rights.copyWithin(to, from, end);
  columns.oid.copyWithin(to * 20, from * 20, end * 20);
  columns.child.copyWithin(to, from, end);
}

export function dropRow(table: Table, folder: number, row: number): void {
  const { columns } = table;
  if (columns.kind[row] === kinds.folder) dropFolder(table, columns.child[row] ?? -1);
  const count = columns.folderCount[folder] ?? 0;
  const end = (columns.folderFirst[folder] ?? 0) + count;
  shiftRows(columns, row + 1, row, end - row - 1);
  columns.folderCount[folder] = count - 1;
  columns.folderMtime[folder] = 0n;
  columns.folderRightsStale[folder] = 1;
}

function dropFolder(table: Table, folder: number): void {
  if (folder < 0) return;
  const { columns } = table;
  const first = columns.folderFirst[folder] ?? 0;
  const count = columns.folderCount[folder] ?? 0;
  for (let row = first; row < first + count; row += 1) {
    if (columns.kind[row] === kinds.folder) dropFolder(table, columns.child[row] ?? -1);
  }
  columns.folderParent[folder] = -2;
  columns.folderCount[folder] = 0;
  table.asides.delete(folder);
  table.rightsNotes.delete(folder);
}

/** Every folder from here to the root has a new tree. */
export function markStale(columns: Columns, folder: number): void {
  for (let at = folder; at >= 0; at = columns.folderParent[at] ?? -1) columns.folderStale[at] = 1;
}

export function isAsSeen(columns: Columns, row: number, seen: Seen): boolean {
  return (
    columns.kind[row] === seen.kind &&
    columns.mtime[row] === seen.mtime &&
    columns.ctime[row] === seen.ctime &&
    columns.size[row] === seen.size &&
    columns.inode[row] === seen.inode
  );
}

export function writeSeen(columns: Columns, row: number, seen: Seen): void {
  columns.kind[row] = seen.kind;
  columns.mtime[row] = seen.mtime;
  columns.ctime[row] = seen.ctime;
  columns.size[row] = seen.size;
  columns.inode[row] = seen.inode;
  columns.rights[row] = seen.rights;
}
