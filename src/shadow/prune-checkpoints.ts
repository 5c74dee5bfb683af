/** Forgets old checkpoints, and gives their space back by copying what is still needed into one pack. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { bytesOf, hexOf, modes, readTree } from '../snapshot/tree-object.ts';
import { dropPacks, listEntries, mergePacks } from './consolidate-packs.ts';
import { removeTemp } from './durable-file.ts';
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
  /** Trash and records of restores older than that (milliseconds since 1970) go. */
  readonly trashBefore?: number;
};

/** Out of the restorer's folder. */
export type Cleared = {
  readonly restores: number;
  readonly files: number;
  readonly bytes: number;
};

export type Pruned = {
  readonly dropped: readonly string[];
  readonly bytesBefore: number;
  readonly bytesAfter: number;
  /** Base packs that no checkpoint needs any more; links among them took no space of their own. */
  readonly base: { readonly packs: number; readonly bytes: number };
  readonly trash: Cleared;
  /** Checkpoints that cannot be read whole: while there are any, no space is given back. */
  readonly damaged: readonly string[];
};

export type PruneBounds = {
  /** Throws when another process leads by now; asked before anything goes. */
  readonly checkLead: () => void;
  /** What a restore that is still to be finished needs. */
  readonly blobs: readonly Oid[];
};

export function pruneCheckpoints(
  store: Store,
  order: PruneOrder,
  bounds: PruneBounds,
): Omit<Pruned, 'trash'> {
  const bytesBefore = measureStore(store);
  if (order.isTrial) return tryPrune(store, order, bytesBefore);
  bounds.checkLead();
  const dropped = dropOld(store, order);
  removeDeadTemps(join(store.gitDir, 'objects', 'pack'));
  let needed = consolidatePacks(store, bounds);
  const { limitBytes = Number.POSITIVE_INFINITY } = order;
  while (measureStore(store) > limitBytes && needed.damaged.length === 0) {
    const [oldest] = listLoose(store, order);
    if (oldest === undefined) break;
    dropRef(store.gitDir, 'checkpoints', oldest.id);
    dropped.push(oldest.id);
    needed = consolidatePacks(store, bounds);
  }
  const base = needed.damaged.length > 0 ? { packs: 0, bytes: 0 } : dropBase(store, needed, bounds);
  return { dropped, bytesBefore, bytesAfter: measureStore(store), base, damaged: needed.damaged };
}

function tryPrune(store: Store, order: PruneOrder, bytesBefore: number): Omit<Pruned, 'trash'> {
  const dropped = listOld(store, order);
  return {
    dropped,
    bytesBefore,
    bytesAfter: bytesBefore,
    base: { packs: 0, bytes: 0 },
    damaged: [],
  };
}

export function measureStore(store: Store): number {
  return store.own.reduce((sum, pack) => sum + pack.size + pack.index.bytes.length, 0);
}

type Loose = { readonly id: string; readonly number: number; readonly at: number };

/** Those that may go, the oldest first: as they were taken, whatever a clock said. */
function listLoose(store: Store, order: PruneOrder): Loose[] {
  const pinned = new Set([...listRefs(store.gitDir, 'pins'), ...(order.needed ?? [])]);
  const found = listRefs(store.gitDir, 'checkpoints').flatMap((id): Loose[] => {
    const oid = readRef(store.gitDir, 'checkpoints', id);
    const commit = oid === undefined ? undefined : readCommit(store, oid);
    // One that cannot be read has no age: the disk may only be having a bad moment.
    return commit === undefined ? [] : [{ id, number: commit.number, at: commit.at }];
  });
  found.sort((one, other) => one.number - other.number);
  const many = Math.max(0, found.length - order.keepLast);
  return found.slice(0, many).filter(({ id }) => !pinned.has(id));
}

function listOld(store: Store, order: PruneOrder): string[] {
  const { before } = order;
  if (before === undefined) return [];
  return listLoose(store, order)
    .filter(({ at }) => at < before)
    .map(({ id }) => id);
}

function dropOld(store: Store, order: PruneOrder): string[] {
  const dropped = listOld(store, order);
  for (const id of dropped) dropRef(store.gitDir, 'checkpoints', id);
  return dropped;
}

/** One pack with everything that a ref leads to. */
function consolidatePacks(store: Store, { checkLead, blobs }: PruneBounds): Needed {
  const needed = listNeeded(store, blobs);
  const old = [...store.own];
  const isTidy =
    old.length <= 1 && old.every((pack) => pack.index.count <= countIn(pack, needed.oids));
  if (isTidy || needed.damaged.length > 0) return needed;
  mergePacks(store, old, { checkLead, isNeeded: (oid) => needed.oids.has(hexOf(oid, 0)) });
  return needed;
}

/** Base packs of ours with nothing in them that is needed and nowhere else. */
function dropBase(store: Store, needed: Needed, { checkLead }: PruneBounds): Pruned['base'] {
  const wanted = new Set(
    [...needed.oids].filter((oid) => !store.own.some((pack) => pack.find(bytesOf(oid), 0) >= 0)),
  );
  const idle: Pack[] = [];
  for (const pack of store.ownedBase) {
    const held = [...wanted].filter((oid) => pack.find(bytesOf(oid), 0) >= 0);
    for (const oid of held) wanted.delete(oid);
    if (held.length === 0) idle.push(pack);
  }
  if (idle.length === 0) return { packs: 0, bytes: 0 };
  checkLead();
  store.forgetBase(idle);
  dropPacks(idle.map((pack) => pack.file));
  return { packs: idle.length, bytes: idle.reduce((sum, pack) => sum + pack.size, 0) };
}

function countIn(pack: Pack, needed: ReadonlySet<string>): number {
  return listEntries(pack).filter(({ oid }) => needed.has(hexOf(oid, 0))).length;
}

type Needed = {
  readonly oids: Set<Oid>;
  /** Of these, what cannot be read whole. */
  readonly broken: Set<Oid>;
  readonly damaged: string[];
};

function listNeeded(store: Store, blobs: readonly Oid[]): Needed {
  const needed: Needed = { oids: new Set(blobs), broken: new Set(), damaged: [] };
  for (const kind of ['checkpoints', 'pins'] as const) {
    for (const id of listRefs(store.gitDir, kind)) {
      const oid = readRef(store.gitDir, kind, id);
      const isWhole = oid !== undefined && addCommit(store, oid, needed);
      if (!isWhole && !needed.damaged.includes(id)) needed.damaged.push(id);
    }
  }
  return needed;
}

/** Answers whether all of it can be read. */
function addCommit(store: Store, oid: Oid, needed: Needed): boolean {
  if (needed.oids.has(oid)) return !needed.broken.has(oid);
  needed.oids.add(oid);
  const commit = store.read(oid);
  let isWhole = commit?.type === 'commit';
  const text = commit?.bytes.toString('latin1') ?? '';
  for (const [, kind, id = ''] of text.matchAll(/^(tree|parent) ([0-9a-f]{40})$/gm)) {
    const isPartWhole =
      kind === 'parent' ? addCommit(store, id, needed) : addTree(store, id, needed);
    isWhole &&= isPartWhole;
  }
  if (!isWhole) needed.broken.add(oid);
  return isWhole;
}

function addTree(store: Store, oid: Oid, needed: Needed): boolean {
  if (needed.oids.has(oid)) return !needed.broken.has(oid);
  needed.oids.add(oid);
  if (oid === emptyTree) return true;
  const tree = store.read(oid);
  let isWhole = tree?.type === 'tree';
  for (const entry of tree ? readTree(tree.bytes) : []) {
    if (entry.mode === modes.folder) isWhole = addTree(store, entry.oid, needed) && isWhole;
    else needed.oids.add(entry.oid);
  }
  if (!isWhole) needed.broken.add(oid);
  return isWhole;
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
