/** Tree objects of every folder that changed, the deepest first; answers the tree of the whole. */
import { flags, kinds, type Table } from '../snapshot/table.ts';
import { hexOf, treeRoom, writeFolderTree } from '../snapshot/tree-object.ts';
import { noteAsides } from './list-rows.ts';
import { emptyTree, idOf, type Oid } from './object-id.ts';
import type { Store } from './open-store.ts';
import type { PackWriter } from './pack-writer.ts';

/** Folders between two looks at the clock. */
const foldersAtOnce = 256;

/** Trees of what is sure already, ahead of their time: nothing in them is only somebody's word. */
export function writeSureTrees(
  table: Table,
  store: Store,
  pack: PackWriter,
  untilMs: number,
): void {
  makeTrees({ table, store, pack, untilMs }, (folder) => isSure(table, folder));
}

function isSure({ columns }: Table, folder: number): boolean {
  const first = columns.folderFirst[folder] ?? 0;
  const end = first + (columns.folderCount[folder] ?? 0);
  for (let row = first; row < end; row += 1) {
    const isOpen =
      columns.kind[row] === kinds.folder
        ? columns.folderStale[columns.child[row] ?? 0] !== 0
        : ((columns.flag[row] ?? 0) & (flags.doubtful | flags.unproven)) !== 0;
    if (isOpen) return false;
  }
  return true;
}

/** Undefined when its time was up: what is done by then stays done. */
export function writeTrees(
  table: Table,
  store: Store,
  pack: PackWriter,
  untilMs: number,
): Oid | undefined {
  if (!makeTrees({ table, store, pack, untilMs }, () => true)) return undefined;
  const root = hexOf(table.columns.folderTree, 0);
  return /^0+$/.test(root) ? emptyTree : root;
}

type Making = {
  readonly table: Table;
  readonly store: Store;
  readonly pack: PackWriter;
  readonly untilMs: number;
};

/** False when its time was up. */
function makeTrees(
  { table, store, pack, untilMs }: Making,
  isReady: (folder: number) => boolean,
): boolean {
  let target = Buffer.allocUnsafe(65_536);
  const { columns } = table;
  let left = foldersAtOnce;
  // A folder's number is always higher than that of the folder above it.
  for (let folder = table.folders - 1; folder >= 0; folder -= 1) {
    if (columns.folderStale[folder] === 0 || columns.folderParent[folder] === -2) continue;
    left -= 1;
    if (left === 0 && Date.now() >= untilMs) return false;
    if (left === 0) left = foldersAtOnce;
    if (!isReady(folder)) continue;
    columns.folderStale[folder] = 0;
    const room = treeRoom(columns, folder);
    if (room > target.length) target = Buffer.allocUnsafe(room);
    const length = writeFolderTree(columns, folder, target);
    noteAsides(table, folder);
    const at = folder * 20;
    if (length === 0) {
      columns.folderTree.fill(0, at, at + 20);
      continue;
    }
    const bytes = target.subarray(0, length);
    const oid = idOf('tree', bytes);
    columns.folderTree.set(oid, at);
    if (!store.isOwn(oid)) pack.add('tree', oid, bytes);
  }
  return true;
}
