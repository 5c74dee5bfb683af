/** Forgets old checkpoints, and gives their space back by copying what is still needed into one pack. */
import { readdirSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { readObjectId, readOffset } from '../snapshot/pack-index.ts';
import { bytesOf, hexOf, modes, readTree } from '../snapshot/tree-object.ts';
import { removeTemp, syncFolder } from './durable-file.ts';
import { emptyTree, type Oid } from './object-id.ts';
import type { Pack } from './open-pack.ts';
import type { Store } from './open-store.ts';
import { readCommit } from './write-commit.ts';
import { dropRef, listRefs, readRef } from './write-ref.ts';

export type PruneOrder = {
  /** Newest ones that stay whatever their age. */
  readonly keepLast: number;
  /** Older than that (milliseconds since 1970) they go. */
  readonly before?: number;
  /** While the store is larger than that, the oldest go. */
  readonly limitBytes?: number;
  /** Ids that a restore in progress, or an undo on offer, still needs. */
  readonly needed?: readonly string[];
  /** Only say which would go. */
  readonly isTrial?: boolean;
};

export type Pruned = {
  readonly dropped: readonly string[];
  readonly bytesBefore: number;
  readonly bytesAfter: number;
};

export function pruneCheckpoints(store: Store, order: PruneOrder): Pruned {
  const bytesBefore = measureStore(store);
  if (order.isTrial)
    return { dropped: listOld(store, order), bytesBefore, bytesAfter: bytesBefore };
  const dropped = dropOld(store, order);
  removeDeadTemps(join(store.gitDir, 'objects', 'pack'));
  consolidatePacks(store);
  const { limitBytes = Number.POSITIVE_INFINITY } = order;
  while (measureStore(store) > limitBytes) {
    const [oldest] = listLoose(store, order);
    if (oldest === undefined) break;
    dropRef(store.gitDir, 'checkpoints', oldest);
    dropped.push(oldest);
    consolidatePacks(store);
  }
  return { dropped, bytesBefore, bytesAfter: measureStore(store) };
}

export function measureStore(store: Store): number {
  return store.own.reduce((sum, pack) => sum + pack.size + pack.index.bytes.length, 0);
}

/** Those that may go, the oldest first. */
function listLoose(store: Store, order: PruneOrder): string[] {
  const pinned = new Set([...listRefs(store.gitDir, 'pins'), ...(order.needed ?? [])]);
  const ids = listRefs(store.gitDir, 'checkpoints');
  return ids.slice(0, Math.max(0, ids.length - order.keepLast)).filter((id) => !pinned.has(id));
}

function listOld(store: Store, order: PruneOrder): string[] {
  const { before } = order;
  if (before === undefined) return [];
  return listLoose(store, order).filter((id) => {
    const oid = readRef(store.gitDir, 'checkpoints', id);
    const commit = oid === undefined ? undefined : readCommit(store, oid);
    return commit === undefined || commit.at < before;
  });
}

function dropOld(store: Store, order: PruneOrder): string[] {
  const dropped = listOld(store, order);
  for (const id of dropped) dropRef(store.gitDir, 'checkpoints', id);
  return dropped;
}

/** One pack with everything that a ref leads to; the old ones go only when it is durable and known. */
function consolidatePacks(store: Store): void {
  const needed = listNeeded(store);
  const old = [...store.own];
  const isTidy = old.length <= 1 && old.every((pack) => pack.index.count <= countIn(pack, needed));
  if (isTidy) return;
  const pack = store.write();
  for (const source of old) copyNeeded(source, needed, pack);
  const file = pack.finish();
  for (const { file: name } of old) {
    if (name === file) continue;
    unlinkSync(name.replace(/\.pack$/, '.idx'));
    unlinkSync(name);
  }
  syncFolder(join(store.gitDir, 'objects', 'pack'));
  store.reload();
}

function countIn(pack: Pack, needed: ReadonlySet<string>): number {
  let count = 0;
  for (let place = 0; place < pack.index.count; place += 1) {
    if (needed.has(hexOf(readObjectId(pack.index, place), 0))) count += 1;
  }
  return count;
}

/** Entries are copied as they lie: none of ours is a delta. */
function copyNeeded(
  source: Pack,
  needed: ReadonlySet<string>,
  pack: ReturnType<Store['write']>,
): void {
  const offsets: { offset: number; oid: Uint8Array }[] = [];
  for (let place = 0; place < source.index.count; place += 1) {
    offsets.push({
      offset: readOffset(source.index, place),
      oid: readObjectId(source.index, place),
    });
  }
  offsets.sort((a, b) => a.offset - b.offset);
  for (const [place, { offset, oid }] of offsets.entries()) {
    if (!needed.has(hexOf(oid, 0)) || pack.has(oid)) continue;
    const end = offsets[place + 1]?.offset ?? source.size - 20;
    pack.addRaw(oid, source.readRaw(offset, end));
  }
}

function listNeeded(store: Store): Set<string> {
  const needed = new Set<string>();
  for (const kind of ['checkpoints', 'pins'] as const) {
    for (const id of listRefs(store.gitDir, kind)) {
      const oid = readRef(store.gitDir, kind, id);
      if (oid !== undefined) addCommit(store, oid, needed);
    }
  }
  return needed;
}

function addCommit(store: Store, oid: Oid, needed: Set<string>): void {
  if (needed.has(oid)) return;
  const commit = store.read(oid);
  if (commit?.type !== 'commit') return;
  needed.add(oid);
  const text = commit.bytes.toString('latin1');
  for (const [, kind, id = ''] of text.matchAll(/^(tree|parent) ([0-9a-f]{40})$/gm)) {
    if (kind === 'parent') addCommit(store, id, needed);
    else addTree(store, id, needed);
  }
}

function addTree(store: Store, oid: Oid, needed: Set<string>): void {
  if (needed.has(oid)) return;
  needed.add(oid);
  if (oid === emptyTree) return;
  const tree = store.own.some((pack) => pack.find(bytesOf(oid), 0) >= 0)
    ? store.read(oid)
    : undefined;
  for (const entry of tree ? readTree(tree.bytes) : []) {
    if (entry.mode === modes.folder) addTree(store, entry.oid, needed);
    else needed.add(entry.oid);
  }
}

/** Temporary files name the process they belong to; a pack that never got its index belongs to nobody. */
function removeDeadTemps(folder: string): void {
  const names = new Set(readdirSync(folder));
  for (const name of names) {
    const isOrphan = name.endsWith('.pack') && !names.has(name.replace(/\.pack$/, '.idx'));
    if (isOrphan) removeTemp(join(folder, name));
    const match = /tmp_?\w*_(\d+)_\d+_\d+$/.exec(name);
    if (match && !isAlive(Number(match[1]))) removeTemp(join(folder, name));
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
