/** Goes over the table for what git trees cannot say. */

import { findFolder, findRow, readFolderPath, readName } from '../snapshot/find-rows.ts';
import { folderOf, joinPath, nameOf, type RawPath } from '../snapshot/raw-path.ts';
import { type Aside, flags, kinds, type Table } from '../snapshot/table.ts';
import type { Lists } from './write-commit.ts';

type Visit = (row: number, folder: number) => void;

export function eachRow(table: Table, visit: Visit): void {
  const { columns } = table;
  for (let folder = 0; folder < table.folders; folder += 1) {
    if (columns.folderParent[folder] === -2) continue;
    const first = columns.folderFirst[folder] ?? 0;
    const end = first + (columns.folderCount[folder] ?? 0);
    for (let row = first; row < end; row += 1) visit(row, folder);
  }
}

/** Done for each folder whose tree is made anew, so that a checkpoint need not go over all rows. */
export function noteAsides(table: Table, folder: number): void {
  const { columns } = table;
  const first = columns.folderFirst[folder] ?? 0;
  const end = first + (columns.folderCount[folder] ?? 0);
  const asides: Aside[] = [];
  for (let row = first; row < end; row += 1) {
    const list = judgeRow(table, row);
    if (list === undefined) continue;
    asides.push({ list, path: joinPath(readFolderPath(columns, folder), readName(columns, row)) });
  }
  if (asides.length > 0) table.asides.set(folder, asides);
  else table.asides.delete(folder);
}

/** Folders without a tree of their own hold nothing that git would keep. */
function judgeRow(table: Table, row: number): Aside['list'] | undefined {
  const { columns } = table;
  const kind = columns.kind[row];
  if (kind === kinds.folder)
    return hasNoTree(table, columns.child[row] ?? 0) ? 'folders' : undefined;
  if (((columns.flag[row] ?? 0) & flags.uncaptured) !== 0) return 'uncaptured';
  return kind === kinds.special ? 'special' : undefined;
}

function hasNoTree(table: Table, folder: number): boolean {
  const at = folder * 20;
  for (let byte = at; byte < at + 20; byte += 1) {
    if (table.columns.folderTree[byte] !== 0) return false;
  }
  return true;
}

export function readLists(table: Table): Lists {
  const found = { folders: [] as RawPath[], special: [] as RawPath[], uncaptured: [] as RawPath[] };
  for (const asides of table.asides.values()) {
    for (const { list, path } of asides) found[list].push(path);
  }
  for (const list of Object.values(found)) list.sort();
  return found;
}

/** As it was when it was looked at. */
export function printRow({ columns }: Table, path: RawPath): string {
  const row = findRow(columns, findFolder(columns, folderOf(path)), nameOf(path));
  const { mtime, ctime, size, inode } = columns;
  return [path, mtime[row], ctime[row], size[row], inode[row]].join(' ');
}

export function listUncaptured(table: Table): RawPath[] {
  return [...readLists(table).uncaptured];
}
