/** Tree objects of every folder that changed, the deepest first; answers the tree of the whole. */
import type { Table } from '../snapshot/table.ts';
import { hexOf, treeRoom, writeFolderTree } from '../snapshot/tree-object.ts';
import { emptyTree, idOf, type Oid } from './object-id.ts';
import type { Store } from './open-store.ts';
import type { PackWriter } from './pack-writer.ts';

export function writeTrees(table: Table, store: Store, pack: PackWriter): Oid {
  let target = Buffer.allocUnsafe(65_536);
  const { columns } = table;
  // A folder's number is always higher than that of the folder above it.
  for (let folder = table.folders - 1; folder >= 0; folder -= 1) {
    if (columns.folderStale[folder] === 0 || columns.folderParent[folder] === -2) continue;
    columns.folderStale[folder] = 0;
    const room = treeRoom(columns, folder);
    if (room > target.length) target = Buffer.allocUnsafe(room);
    const length = writeFolderTree(columns, folder, target);
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
  const root = hexOf(columns.folderTree, 0);
  return /^0+$/.test(root) ? emptyTree : root;
}
