/** The workspace as it was last looked at: the table, how far it can be believed, and the look that brings it up to date. */
import { join } from 'node:path';
import { type RawPath, readPath } from '../snapshot/raw-path.ts';
import type { Table } from '../snapshot/table.ts';
import type { WorkspacePort } from '../snapshot/workspace-port.ts';
import { type Absorbing, absorbPaths, namesKnownFolder } from './absorb-paths.ts';
import { doubtMissing } from './keep-table.ts';
import type { EarlyNotes } from './open-early.ts';
import { openKeptTable } from './open-kept-table.ts';
import type { Store } from './open-store.ts';
import type { TakeOrder } from './order.ts';
import type { PackWriter } from './pack-writer.ts';
import { type Proof, proveRows } from './prove-rows.ts';
import { writeSureTrees } from './write-trees.ts';

export type ViewPorts = {
  readonly stateFolder: string;
  readonly workspace: WorkspacePort;
  readonly store: Store;
  /** Files above it wait for the background. */
  readonly limitBytes: number;
  /** Links what packs the user has by now. */
  openBase(): void;
  /** Puts on the disk what the pack has so far. */
  keepPack(pack: PackWriter): void;
};

export type Updated = { readonly known: Table; readonly changed: number };

export type View = {
  /** Undefined before the first look, and after one that failed. */
  readonly table: Table | undefined;
  /** Folders that it could not look into: what they hold is not known to be gone. */
  readonly blind: readonly RawPath[];
  /** The last whole sweep came to its end; before that, nothing that is built on it is whole. */
  readonly isSwept: boolean;
  /** Damage was found in the store since the table was begun, which may lean on it. */
  readonly isInDoubt: boolean;
  /** Brings the table up to date; with a new one where that of the run before is of no use. */
  update(
    pack: PackWriter,
    order: Pick<TakeOrder, 'paths'>,
    untilMs: number,
    early?: EarlyNotes,
  ): Updated;
  /** What was found is in the store: the next look begins from it. */
  hold(known: Table): void;
  absorbing(pack: PackWriter, known: Table, untilMs: number): Absorbing;
  sweep(work: Absorbing): RawPath[];
  /** Paths that we are about to change ourselves: the next quick look has to see them too. */
  note(paths: readonly string[]): void;
  /** A checkpoint was made of it: worth to be kept for the next run. */
  noteUse(): void;
  readonly isKeepDue: boolean;
  /** For the next run, where it can be believed. */
  keep(isLeader: boolean): void;
  /** The table may be ahead of the store: the next look begins from nothing. */
  forget(): void;
};

/** So many trees are worth a pack of their own: it is on the disk before the sweep is done. */
const packEarlyFrom = 1_000;

export function openView(ports: ViewPorts): View {
  const { workspace, store, limitBytes } = ports;
  const kept = openKeptTable(join(ports.stateFolder, 'table'), workspace);
  const unlooked = new Set<string>();
  let table: Table | undefined;
  /** Some rows are still only the index's word. */
  let isUnproved = false;
  let isSwept = false;
  /** How much damage was known when the table was begun. */
  let damagedThen = 0;
  let blind: readonly RawPath[] = [];

  function begin(untilMs: number): Table {
    ports.openBase();
    damagedThen = store.damaged;
    const found = kept.load();
    if (found) doubtMissing(found, store);
    isUnproved = found === undefined;
    return found ?? workspace.openTable(untilMs);
  }

  function absorbing(pack: PackWriter, known: Table, untilMs: number): Absorbing {
    return { table: known, workspace, store, pack, limitBytes, untilMs };
  }

  /** Answers how many paths were looked at; undefined when the table is of no use under the rules of now. */
  function look(
    work: Absorbing,
    order: Pick<TakeOrder, 'paths'>,
    isFirst: boolean,
  ): number | undefined {
    const hints = [...(order.paths ?? []), ...unlooked].map(readPath);
    if (order.paths && !isFirst && !namesKnownFolder(work, hints)) {
      kept.noteChanges(hints);
      unlooked.clear();
      return absorbPaths(work, hints, true);
    }
    const changed = sweep(work);
    if (isFirst && kept.isSpoiltBy(changed)) return undefined;
    let count = absorbPaths(work, changed, false);
    if (order.paths) count += absorbPaths(work, order.paths.map(readPath), true);
    return count;
  }

  /** What the index said is held against the packs, and its trees are made, while others sweep. */
  function sweep({ table: known, pack, untilMs }: Absorbing): RawPath[] {
    let proof: Proof = { failed: [], complete: true };
    const report = workspace.sweep(known, untilMs, () => {
      if (!isUnproved) return;
      proof = proveRows(known, store, untilMs);
      isUnproved = !proof.complete;
      writeSureTrees(known, store, pack, untilMs);
      if (pack.count >= packEarlyFrom) ports.keepPack(pack);
    });
    isSwept = report.complete && proof.complete;
    blind = report.unreadable.map(({ path }) => path);
    if (table !== undefined) kept.noteChanges(report.changed);
    return [...report.changed, ...proof.failed];
  }

  return {
    get table() {
      return table;
    },
    get blind() {
      return blind;
    },
    get isSwept() {
      return isSwept;
    },
    get isInDoubt() {
      return store.damaged > damagedThen;
    },
    get isKeepDue() {
      return kept.isDue();
    },
    update(pack, order, untilMs, early) {
      workspace.checkThere();
      const isFirst = table === undefined;
      const known = table ?? begin(untilMs);
      const work = absorbing(pack, known, untilMs);
      // At first everything is new to the table, and nothing has changed.
      const changed = look(isFirst ? work : { ...work, early }, order, isFirst);
      if (changed !== undefined) return { known, changed };
      kept.refuse();
      const fresh = workspace.openTable(untilMs);
      const again = look(absorbing(pack, fresh, untilMs), order, isFirst);
      return { known: fresh, changed: again ?? 0 };
    },
    hold(known) {
      table = known;
    },
    absorbing,
    sweep,
    note(paths) {
      for (const path of paths) unlooked.add(path);
    },
    noteUse: kept.noteLook,
    keep(isLeader) {
      const isSound = isSwept && !isUnproved && isLeader;
      kept.save(isSound ? table : undefined);
    },
    forget() {
      table = undefined;
      isSwept = false;
      blind = [];
    },
  };
}
