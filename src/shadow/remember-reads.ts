/** Objects that were read last, for whoever reads them again: neighbouring checkpoints have most of their trees in common. */
import type { Oid } from './object-id.ts';
import type { StoredObject } from './open-pack.ts';
import type { TreeStore } from './read-trees.ts';

const keptBytes = 1 << 20;

export function rememberReads(store: TreeStore): TreeStore {
  const kept = new Map<Oid, StoredObject>();
  let bytes = 0;
  function keep(oid: Oid, object: StoredObject): void {
    kept.set(oid, object);
    bytes += object.bytes.length;
    for (const [oldest, its] of kept) {
      if (bytes <= keptBytes || oldest === oid) break;
      kept.delete(oldest);
      bytes -= its.bytes.length;
    }
  }
  return {
    read(oid) {
      const known = kept.get(oid);
      if (known !== undefined) return known;
      const found = store.read(oid);
      if (found !== undefined) keep(oid, found);
      return found;
    },
  };
}
