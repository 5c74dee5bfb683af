/** Finds many paths in a few trees: each folder is read once, as long as there is room. */
import type { RawPath } from '../snapshot/raw-path.ts';
import type { TreeEntry } from '../snapshot/tree-object.ts';
import type { Oid } from './object-id.ts';
import { readEntries, type TreeStore, walkTo } from './read-trees.ts';

const entriesAtMost = 50_000;

export function openTreeFinder(
  store: TreeStore,
  limit = entriesAtMost,
): (tree: Oid, path: RawPath) => TreeEntry | undefined {
  const kept = new Map<Oid, ReadonlyMap<RawPath, TreeEntry>>();
  let entries = 0;

  function readFolder(folder: Oid): ReadonlyMap<RawPath, TreeEntry> {
    const known = kept.get(folder);
    if (known !== undefined) {
      kept.delete(folder);
      kept.set(folder, known);
      return known;
    }
    const read = new Map(readEntries(store, folder).map((it) => [it.name, it]));
    kept.set(folder, read);
    entries += read.size;
    for (const [oldest, names] of kept) {
      if (entries <= limit || oldest === folder) break;
      kept.delete(oldest);
      entries -= names.size;
    }
    return read;
  }

  return (tree, path) => walkTo(tree, path, (folder, name) => readFolder(folder).get(name));
}
