/** Finds rows and folders of a table by name, and tells their names. */
import { joinPath, type RawPath } from './raw-path.ts';
import { type Columns, kinds } from './table.ts';

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
