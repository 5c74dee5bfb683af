/** Makes one pack of several by copying entries as they lie: none of ours is a delta. */
import { unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { readObjectId, readOffset } from '../snapshot/pack-index.ts';
import { hexOf } from '../snapshot/tree-object.ts';
import { syncFolder } from './durable-file.ts';
import type { Pack } from './open-pack.ts';
import type { Store } from './open-store.ts';

/** Each checkpoint makes a pack, and each object is looked for in all of them. */
const packLimit = 50;
/** The largest stay as they are, so that what was made one before is not copied again each time. */
const packsLeft = 10;

type IsNeeded = (oid: Uint8Array) => boolean;

/** One pack with everything that a ref leads to. */
export function consolidateNeeded(store: Store, needed: ReadonlySet<string>): void {
  const old = [...store.own];
  const isNeeded = (oid: Uint8Array) => needed.has(hexOf(oid, 0));
  const isTidy =
    old.length <= 1 && old.every((pack) => listEntries(pack).every(({ oid }) => isNeeded(oid)));
  if (!isTidy) replacePacks(store, old, isNeeded);
}

/** Nothing is left out: what is needed is a question for another day. False when there are few packs. */
export function consolidateSmall(store: Store): boolean {
  if (store.own.length <= packLimit) return false;
  const bySize = [...store.own].sort((one, other) => one.size - other.size);
  replacePacks(store, bySize.slice(0, -packsLeft), () => true);
  return true;
}

/** The old ones go only when the new one is durable and known. */
function replacePacks(store: Store, old: readonly Pack[], isNeeded: IsNeeded): void {
  const pack = store.write();
  for (const source of old) copyEntries(source, pack, isNeeded);
  const file = pack.finish();
  for (const { file: name } of old) {
    if (name === file) continue;
    unlinkSync(name.replace(/\.pack$/, '.idx'));
    unlinkSync(name);
  }
  syncFolder(join(store.gitDir, 'objects', 'pack'));
  store.reload();
}

function copyEntries(source: Pack, pack: ReturnType<Store['write']>, isNeeded: IsNeeded): void {
  const entries = listEntries(source).sort((a, b) => a.offset - b.offset);
  for (const [place, { offset, oid }] of entries.entries()) {
    if (!isNeeded(oid) || pack.has(oid)) continue;
    const end = entries[place + 1]?.offset ?? source.size - 20;
    pack.addRaw(oid, source.readRaw(offset, end));
  }
}

function listEntries({ index }: Pack): { readonly offset: number; readonly oid: Uint8Array }[] {
  return Array.from({ length: index.count }, (_, place) => ({
    offset: readOffset(index, place),
    oid: readObjectId(index, place),
  }));
}
