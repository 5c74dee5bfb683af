/** Makes a checkpoint of trees that are written: a commit, its pack on the disk, and the ref that names it. */
import type { RawPath } from '../snapshot/raw-path.ts';
import type { Table } from '../snapshot/table.ts';
import type { Early } from '../undo/bouts.ts';
import type { Failpoint } from './durable-file.ts';
import { layRights } from './lay-rights.ts';
import { readLists } from './list-rows.ts';
import { emptyTree, type Oid } from './object-id.ts';
import type { Store } from './open-store.ts';
import type { Taken, TakeOrder } from './order.ts';
import type { PackWriter } from './pack-writer.ts';
import { nothingCaptured, writeCommit } from './write-commit.ts';
import { readRef, writeRef } from './write-ref.ts';

export type Sealing = {
  readonly store: Store;
  readonly failpoint: Failpoint;
  /** Throws when another process leads by now: asked before the checkpoint becomes visible. */
  readonly checkLead: () => void;
  readonly keepPack: (pack: PackWriter) => void;
};

export type Sealed = {
  readonly order: TakeOrder;
  readonly number: number;
  /** Undefined when there was no time for all trees. */
  readonly tree: Oid | undefined;
  /** Folders that could not be looked into. */
  readonly blind: readonly RawPath[];
  readonly isSwept: boolean;
  readonly looked: number;
  readonly early: Early;
};

export function sealCheckpoint(
  { store, failpoint, checkLead, keepPack }: Sealing,
  known: Table,
  pack: PackWriter,
  { order, number, tree, blind, isSwept, looked, early }: Sealed,
): Taken {
  const { gitDir } = store;
  const isMade = tree !== undefined;
  const seen = isMade ? readLists(known) : nothingCaptured;
  const lists = { ...seen, uncaptured: [...seen.uncaptured, ...blind] };
  const uncaptured = lists.uncaptured.length;
  const lacks = uncaptured > 0 ? 'still capturing' : undefined;
  const degraded = isSwept && isMade ? lacks : 'still sweeping';
  const parent =
    order.after === undefined ? undefined : readRef(gitDir, 'checkpoints', order.after);
  const whole = tree ?? emptyTree;
  const commit = writeCommit(pack, {
    order,
    number,
    tree: whole,
    lists,
    rights: layRights(known),
    degraded,
    looked,
    early,
    parent,
    isKept: (oid) => store.isOwned(oid),
  });
  keepPack(pack);
  checkLead();
  writeRef(gitDir, { kind: 'checkpoints', id: order.id, oid: commit }, failpoint);
  if (order.pinned) writeRef(gitDir, { kind: 'pins', id: order.id, oid: commit }, failpoint);
  failpoint('take-ended');
  return {
    id: order.id,
    commit,
    tree: whole,
    changed: 0,
    uncaptured,
    ...(degraded ? { degraded } : {}),
  };
}
