/** Forgets old checkpoints, and gives their space back by copying what is still needed into one pack. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { bytesOf, modes, readTree } from '../snapshot/tree-object.ts';
import { consolidateNeeded } from './consolidate-packs.ts';
import { removeTemp } from './durable-file.ts';
import { emptyTree, type Oid } from './object-id.ts';
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
};

export type Pruned = {
  readonly dropped: readonly string[];
  readonly bytesBefore: number;
  readonly bytesAfter: number;
};

export function pruneCheckpoints(store: Store, order: PruneOrder): Pruned {
  const bytesBefore = measureStore(store);
  const dropped = dropOld(store, order);
  removeDeadTemps(join(store.gitDir, 'objects', 'pack'));
  consolidateNeeded(store, listNeeded(store));
  const { limitBytes = Number.POSITIVE_INFINITY } = order;
  while (measureStore(store) > limitBytes) {
    const [oldest] = listLoose(store, order);
    if (oldest === undefined) break;
    dropRef(store.gitDir, 'checkpoints', oldest);
    dropped.push(oldest);
    consolidateNeeded(store, listNeeded(store));
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

function dropOld(store: Store, order: PruneOrder): string[] {
  const dropped: string[] = [];
  const { before } = order;
  if (before === undefined) return dropped;
  for (const id of listLoose(store, order)) {
    const oid = readRef(store.gitDir, 'checkpoints', id);
    const commit = oid === undefined ? undefined : readCommit(store, oid);
    if (commit && commit.at >= before) continue;
    dropRef(store.gitDir, 'checkpoints', id);
    dropped.push(id);
  }
  return dropped;
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
