/** Makes one pack of several by copying entries as they lie: none of ours is a delta. */
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { Failure } from '../errors.ts';
import { readCrc, readObjectId, readOffset } from '../snapshot/pack-index.ts';
import { removeTemp, syncFolder } from './durable-file.ts';
import type { Pack } from './open-pack.ts';
import type { Store } from './open-store.ts';
import type { PackWriter } from './pack-writer.ts';

/** Each checkpoint makes a pack, and each object is looked for in all of them. */
const packLimit = 50;
/** The largest stay as they are, so that what was made one before is not copied again each time. */
const packsLeft = 10;

/** Nothing is left out: what is needed is a question for another day. False when there are few packs. */
export function consolidateSmall(store: Store, checkLead: () => void): boolean {
  if (store.own.length <= packLimit) return false;
  const small = [...store.own].sort((one, other) => one.size - other.size).slice(0, -packsLeft);
  mergePacks(store, small, { checkLead, isNeeded: () => true });
  return true;
}

type Merging = {
  /** Throws when another process leads by now; asked before anything goes. */
  readonly checkLead: () => void;
  readonly isNeeded: (oid: Uint8Array) => boolean;
};

/** The old ones go only when what is needed of them is durable in one. */
export function mergePacks(
  store: Store,
  packs: readonly Pack[],
  { checkLead, isNeeded }: Merging,
): void {
  const merged = store.write();
  try {
    for (const source of packs) copyEntries(source, merged, isNeeded);
    checkLead();
    const file = merged.finish();
    dropPacks(packs.map((one) => one.file).filter((name) => name !== file));
  } finally {
    merged.cancel();
    store.reload();
  }
}

/** The index first: a pack without one belongs to nobody. */
export function dropPacks(files: readonly string[]): void {
  for (const file of files) {
    removeTemp(file.replace(/\.pack$/, '.idx'));
    removeTemp(file);
  }
  for (const folder of new Set(files.map(dirname))) syncFolder(folder);
}

function copyEntries(source: Pack, pack: PackWriter, isNeeded: (oid: Uint8Array) => boolean): void {
  const entries = listEntries(source).sort((a, b) => a.offset - b.offset);
  for (const [place, { offset, oid, crc }] of entries.entries()) {
    if (!isNeeded(oid) || pack.has(oid)) continue;
    const end = entries[place + 1]?.offset ?? source.size - 20;
    const raw = source.readRaw(offset, end);
    // Copied as it is, one damaged byte in an index would become lost objects beside it.
    if (crc32(raw) !== crc) {
      throw new Failure('damaged', `${source.file} is damaged`, {
        hint: 'nothing was taken out of it; checkpoints that can still be read stay readable',
      });
    }
    pack.addRaw(oid, raw);
  }
}

type Entry = { readonly offset: number; readonly oid: Uint8Array; readonly crc: number };

export function listEntries({ index }: Pack): Entry[] {
  return Array.from({ length: index.count }, (_, place) => ({
    offset: readOffset(index, place),
    oid: readObjectId(index, place),
    crc: readCrc(index, place),
  }));
}
