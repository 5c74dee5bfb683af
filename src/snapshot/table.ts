/** Every path of a workspace in typed arrays: what was last known of it, shared between threads, no string per path. */
import { joinPath, type RawPath } from './raw-path.ts';

/** What a row is. Folders are rows of the folder above them too. */
export const kinds = { none: 0, file: 1, program: 2, link: 3, folder: 4, special: 5 } as const;
export type Kind = (typeof kinds)[keyof typeof kinds];

export const flags = {
  /** The stat is not to be believed: look at the bytes. */
  doubtful: 1,
  /** No object id yet: the bytes are not in the store. */
  uncaptured: 2,
  /** The object id is the index's word, and the base is not yet asked whether it has it. */
  unproven: 4,
} as const;

/** Stat of a path as the table keeps it: enough to tell whether somebody wrote. */
export type Seen = {
  readonly kind: Kind;
  readonly mtime: bigint;
  readonly ctime: bigint;
  readonly size: number;
  readonly inode: number;
};

export type Columns = {
  names: Uint8Array;
  nameAt: Uint32Array;
  nameLength: Uint16Array;
  kind: Uint8Array;
  flag: Uint8Array;
  mtime: BigInt64Array;
  ctime: BigInt64Array;
  size: Uint32Array;
  inode: Uint32Array;
  oid: Uint8Array;
  /** Folder number of a row that is a folder. */
  child: Int32Array;
  folderNameAt: Uint32Array;
  folderNameLength: Uint16Array;
  folderFirst: Uint32Array;
  folderCount: Uint32Array;
  folderRoom: Uint32Array;
  /** -1 at the root, -2 for a folder that is gone. */
  folderParent: Int32Array;
  /** Tree object of the folder; valid while `folderStale` is 0. */
  folderTree: Uint8Array;
  folderStale: Uint8Array;
  /** The folder's own times when its names were last read and all had rows; 0 when they are to be read. */
  folderMtime: BigInt64Array;
  folderCtime: BigInt64Array;
};

export type Table = {
  columns: Columns;
  rows: number;
  folders: number;
  nameBytes: number;
  /** Rows that were given up when their folder moved. */
  wasted: number;
  /** By folder: what git's trees cannot say of it, as it was when its tree was last made. */
  readonly asides: Map<number, readonly Aside[]>;
};

export type Aside = {
  readonly list: 'folders' | 'special' | 'uncaptured';
  readonly path: RawPath;
};

const rowBytes = {
  nameAt: 4,
  nameLength: 2,
  kind: 1,
  flag: 1,
  mtime: 8,
  ctime: 8,
  size: 4,
  inode: 4,
  oid: 20,
  child: 4,
} as const;
const folderBytes = {
  folderNameAt: 4,
  folderNameLength: 2,
  folderFirst: 4,
  folderCount: 4,
  folderRoom: 4,
  folderParent: 4,
  folderTree: 20,
  folderStale: 1,
  folderMtime: 8,
  folderCtime: 8,
} as const;

export function makeTable(rows = 1024, folders = 128, nameBytes = 16_384): Table {
  const columns = {
    ...makeColumns(rowBytes, rows),
    ...makeColumns(folderBytes, folders),
    names: new Uint8Array(new SharedArrayBuffer(nameBytes)),
  } as unknown as Columns;
  const table = { columns, rows: 0, folders: 0, nameBytes: 0, wasted: 0, asides: new Map() };
  addFolder(table, -1, '');
  return table;
}

function makeColumns(widths: Readonly<Record<string, number>>, count: number) {
  const made: Record<string, unknown> = {};
  for (const [name, width] of Object.entries(widths)) {
    const buffer = new SharedArrayBuffer(width * count);
    made[name] = viewOf(name, buffer);
  }
  return made;
}

function viewOf(name: string, buffer: SharedArrayBuffer) {
  if (/[mc]time$/i.test(name)) return new BigInt64Array(buffer);
  if (name === 'child' || name === 'folderParent') return new Int32Array(buffer);
  if (name === 'nameLength' || name === 'folderNameLength') return new Uint16Array(buffer);
  if (['kind', 'flag', 'oid', 'folderTree', 'folderStale'].includes(name))
    return new Uint8Array(buffer);
  return new Uint32Array(buffer);
}

function grow(table: Table, widths: Readonly<Record<string, number>>, count: number): void {
  const columns = table.columns as unknown as Record<string, Uint8Array>;
  for (const [name, width] of Object.entries(widths)) {
    const old = columns[name];
    const view = viewOf(name, new SharedArrayBuffer(width * count)) as Uint8Array;
    if (old) view.set(old);
    columns[name] = view;
  }
}

function reserveRows(table: Table, count: number): number {
  const at = table.rows;
  const held = table.columns.kind.length;
  if (at + count > held) grow(table, rowBytes, Math.ceil((at + count) * 1.5));
  table.rows += count;
  return at;
}

function addName(table: Table, name: string): number {
  const at = reserveName(table, name.length);
  const { names } = table.columns;
  for (let index = 0; index < name.length; index += 1) names[at + index] = name.charCodeAt(index);
  return at;
}

function reserveName(table: Table, length: number): number {
  const at = table.nameBytes;
  if (at + length > table.columns.names.length) {
    const more = new Uint8Array(new SharedArrayBuffer(Math.ceil((at + length) * 1.5)));
    more.set(table.columns.names);
    table.columns.names = more;
  }
  table.nameBytes += length;
  return at;
}

function addFolder(table: Table, parent: number, name: string): number {
  const folder = table.folders;
  if (folder >= table.columns.folderParent.length) {
    grow(table, folderBytes, Math.ceil((folder + 1) * 1.5));
  }
  table.folders += 1;
  const { columns } = table;
  columns.folderNameAt[folder] = addName(table, name);
  columns.folderNameLength[folder] = name.length;
  columns.folderParent[folder] = parent;
  columns.folderStale[folder] = 1;
  return folder;
}

/** Bytes of the row's name against a name, as `memcmp` would. */
export function compareName(columns: Columns, row: number, name: string): number {
  const at = columns.nameAt[row] ?? 0;
  const length = columns.nameLength[row] ?? 0;
  const shared = Math.min(length, name.length);
  const { names } = columns;
  for (let index = 0; index < shared; index += 1) {
    const difference = (names[at + index] ?? 0) - name.charCodeAt(index);
    if (difference !== 0) return difference;
  }
  return length - name.length;
}

/** The row of a name in a folder, or where it would go as `-1 - place`. */
export function findRow(columns: Columns, folder: number, name: string): number {
  const first = columns.folderFirst[folder] ?? 0;
  let low = first;
  let high = first + (columns.folderCount[folder] ?? 0);
  // Names mostly come in order: then the place is the end.
  if (high > low && compareName(columns, high - 1, name) < 0) return -1 - high;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const order = compareName(columns, middle, name);
    if (order === 0) return middle;
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return -1 - low;
}

export function readName(columns: Columns, row: number): string {
  return readNames(columns, columns.nameAt[row] ?? 0, columns.nameLength[row] ?? 0);
}

function readNames(columns: Columns, at: number, length: number): string {
  let name = '';
  for (let index = at; index < at + length; index += 1) {
    name += String.fromCharCode(columns.names[index] ?? 0);
  }
  return name;
}

export function readFolderPath(columns: Columns, folder: number): RawPath {
  const parent = columns.folderParent[folder] ?? -1;
  if (parent < 0) return '';
  const at = columns.folderNameAt[folder] ?? 0;
  const name = readNames(columns, at, columns.folderNameLength[folder] ?? 0);
  return joinPath(readFolderPath(columns, parent), name);
}

/** The folder of a path; -1 when there is none. */
export function findFolder(columns: Columns, path: RawPath): number {
  if (path === '') return 0;
  let folder = 0;
  for (const name of path.split('/')) {
    const row = findRow(columns, folder, name);
    if (row < 0 || columns.kind[row] !== kinds.folder) return -1;
    folder = columns.child[row] ?? -1;
  }
  return folder;
}

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

/** Adds a row behind the last one of a folder, its name given as bytes; -1 when it belongs before it. */
export function appendRow(
  table: Table,
  folder: number,
  { bytes, from, to }: { bytes: Uint8Array; from: number; to: number },
): number {
  const count = table.columns.folderCount[folder] ?? 0;
  let row = (table.columns.folderFirst[folder] ?? 0) + count;
  if (count > 0 && !isBefore(table.columns, row - 1, { bytes, from, to })) return -1;
  if (count === (table.columns.folderRoom[folder] ?? 0)) row = moveFolder(table, folder, row);
  const at = reserveName(table, to - from);
  const { columns } = table;
  for (let index = from; index < to; index += 1)
    columns.names[at + index - from] = bytes[index] ?? 0;
  columns.folderCount[folder] = count + 1;
  columns.nameAt[row] = at;
  columns.nameLength[row] = to - from;
  columns.folderMtime[folder] = 0n;
  return row;
}

function isBefore(
  columns: Columns,
  row: number,
  { bytes, from, to }: { bytes: Uint8Array; from: number; to: number },
): boolean {
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
}

/** Every folder from here to the root has a new tree. */
export function markStale(columns: Columns, folder: number): void {
  for (let at = folder; at >= 0; at = columns.folderParent[at] ?? -1) columns.folderStale[at] = 1;
}

export function writeSeen(columns: Columns, row: number, seen: Seen): void {
  columns.kind[row] = seen.kind;
  columns.mtime[row] = seen.mtime;
  columns.ctime[row] = seen.ctime;
  columns.size[row] = seen.size;
  columns.inode[row] = seen.inode;
}
