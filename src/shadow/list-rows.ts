/** Goes over the table for what git trees cannot say, and for what the base has yet to prove. */
import { joinPath, type RawPath } from '../snapshot/raw-path.ts';
import { flags, kinds, readFolderPath, readName, type Table } from '../snapshot/table.ts';
import type { Store } from './open-store.ts';
import type { Lists } from './write-commit.ts';

type Visit = (row: number, folder: number) => void;

function eachRow(table: Table, visit: Visit): void {
  const { columns } = table;
  for (let folder = 0; folder < table.folders; folder += 1) {
    if (columns.folderParent[folder] === -2) continue;
    const first = columns.folderFirst[folder] ?? 0;
    const end = first + (columns.folderCount[folder] ?? 0);
    for (let row = first; row < end; row += 1) visit(row, folder);
  }
}

/** Folders without a tree of their own hold nothing that git would keep. */
export function readLists(table: Table): Lists {
  const { columns } = table;
  const found = { folders: [] as RawPath[], special: [] as RawPath[], uncaptured: [] as RawPath[] };
  eachRow(table, (row, folder) => {
    const kind = columns.kind[row];
    const isUncaptured = ((columns.flag[row] ?? 0) & flags.uncaptured) !== 0;
    const isEmptyFolder = kind === kinds.folder && hasNoTree(table, columns.child[row] ?? 0);
    if (kind !== kinds.special && !isUncaptured && !isEmptyFolder) return;
    const list = isEmptyFolder ? found.folders : isUncaptured ? found.uncaptured : found.special;
    list.push(joinPath(readFolderPath(columns, folder), readName(columns, row)));
  });
  return found;
}

function hasNoTree(table: Table, folder: number): boolean {
  const at = folder * 20;
  for (let byte = at; byte < at + 20; byte += 1) {
    if (table.columns.folderTree[byte] !== 0) return false;
  }
  return true;
}

/** Rows whose object id is only the index's word: kept if the base has a blob of the file's very size. */
export function proveRows(table: Table, store: Store): RawPath[] {
  const { columns } = table;
  const failed: RawPath[] = [];
  eachRow(table, (row, folder) => {
    if (((columns.flag[row] ?? 0) & flags.unproven) === 0) return;
    columns.flag[row] = (columns.flag[row] ?? 0) & ~flags.unproven;
    if (store.readLength(columns.oid, row * 20) === columns.size[row]) return;
    columns.flag[row] = flags.doubtful;
    failed.push(joinPath(readFolderPath(columns, folder), readName(columns, row)));
  });
  return failed;
}

export function listUncaptured(table: Table): RawPath[] {
  return [...readLists(table).uncaptured];
}
