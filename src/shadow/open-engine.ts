/** Takes checkpoints: brings the table up to date, packs what is new, names the whole by a ref. Synchronous: it belongs in a thread of its own. */
import { basename, dirname, join } from 'node:path';
import { Failure } from '../errors.ts';
import { readRights } from '../snapshot/rights.ts';
import type { Table } from '../snapshot/table.ts';
import { tellDisk } from '../snapshot/tell-disk.ts';
import type { WorkspacePort } from '../snapshot/workspace-port.ts';
import { bindStore } from './bind-store.ts';
import { consolidateSmall } from './consolidate-packs.ts';
import type { Side } from './diff-checkpoints.ts';
import type { Failpoint } from './durable-file.ts';
import { layRights } from './lay-rights.ts';
import { copyPack, linkBase } from './link-base.ts';
import { listUncaptured, readLists } from './list-rows.ts';
import { emptyTree, idOf, type Oid } from './object-id.ts';
import { openEarly } from './open-early.ts';
import { openLast } from './open-last.ts';
import { openNumbers } from './open-numbers.ts';
import { dressBy } from './open-rights.ts';
import { openStore, type Store } from './open-store.ts';
import { openView } from './open-view.ts';
import type { Taken, TakeOrder } from './order.ts';
import { cancelPack, type PackWriter } from './pack-writer.ts';
import { readNewest } from './read-newest.ts';
import { type Sealed, sealCheckpoint } from './seal-checkpoint.ts';
import { type ReadCommit, readCommit } from './write-commit.ts';
import { readRef } from './write-ref.ts';
import { writeTrees } from './write-trees.ts';

export type EngineOptions = {
  /** Folder of this workspace in the state folder. */
  readonly stateFolder: string;
  readonly workspace: WorkspacePort;
  readonly copiesBase?: boolean;
  /** Files above it wait for the background. */
  readonly limitBytes?: number;
  readonly failpoint?: Failpoint;
  /** Whether this process still leads the workspace; asked before a checkpoint becomes visible. */
  readonly holds?: () => boolean;
};

export type Engine = {
  readonly store: Store;
  /** Links what packs the user has by now; also done by the first checkpoint. */
  openBase(): void;
  take(order: TakeOrder): Taken;
  /** Paths that we are about to change ourselves: the next quick look has to see them too. */
  note(paths: readonly string[]): void;
  /** All as it is now, its bytes kept, under no name. */
  see(): Side & Pick<ReadCommit, 'lists'>;
  /** The same look at the disk under one more name. */
  repeat(order: TakeOrder): Taken;
  /** Looks at everything once more and amends the last checkpoint with what it missed; false when it found nothing. */
  confirm(): Taken | undefined;
  /** Reads some of what is not captured yet into the last checkpoint; false when nothing is left. */
  capture(forMs: number): boolean;
  /** Many small packs become one, and the table is kept for the next run; false when no pack was made. */
  tidy(): boolean;
  /** Makes one borrowed pack ours; false when none is left. */
  copyBase(): boolean;
  /** After a pruning: begins anew where the last checkpoint is gone. */
  forgetDropped(): void;
  /** Throws when another process leads by now. */
  checkLead(): void;
  close(): void;
};

type Look = { readonly known: Table; readonly changed: number; readonly tree: Oid | undefined };

const limitBytesUsual = 32 * 1024 * 1024;
const never = Number.POSITIVE_INFINITY;

export function openEngine(options: EngineOptions): Engine {
  const { stateFolder, workspace, failpoint = () => {} } = options;
  const gitDir = join(stateFolder, 'store.git');
  bindStore(stateFolder, workspace.ground);
  const store = openStore(gitDir, failpoint);
  const base = join(stateFolder, 'base', 'pack');
  const limitBytes = options.limitBytes ?? limitBytesUsual;
  const view = openView({ stateFolder, workspace, store, limitBytes, openBase, keepPack });
  const numbers = openNumbers(store, failpoint);
  const sealing = { store, failpoint, checkLead, keepPack };
  const last = openLast({ store, workspace, view, seal });

  function openBase(): void {
    const copies = options.copiesBase ?? false;
    store.setBase(linkBase({ base, objects: workspace.objects, copies }));
  }

  function take(order: TakeOrder): Taken {
    failpoint('take-begun');
    if (view.isInDoubt) forget();
    const untilMs = order.withinMs === undefined ? never : Date.now() + order.withinMs;
    const pack = store.write();
    try {
      const notes = openEarly(workspace, order.acts);
      const { known, changed } = view.update(pack, order, untilMs, notes);
      const lookedMs = Date.now();
      const early = notes?.list() ?? [];
      failpoint('take-looked');
      const tree = writeTrees(known, store, pack, untilMs);
      const before = order.unlessSame ? readLast() : undefined;
      view.noteUse();
      if (before && isSame(before, { known, changed, tree })) {
        keepPack(pack);
        view.hold(known);
        return { ...before, changed: 0, same: true };
      }
      const number = numbers.give(order.id);
      const taken = seal(known, pack, { order, number, tree, looked: lookedMs, early });
      view.hold(known);
      last.replace(known, { order, number, lookedMs, taken, early });
      return { ...taken, changed };
    } catch (error) {
      throw giveUp(pack, error);
    }
  }

  function giveUp(pack: PackWriter, error: unknown): unknown {
    forget();
    cancelPack(pack);
    return tellDisk(error, 'the checkpoint was not taken', 'those before it are safe');
  }

  function see(): ReturnType<Engine['see']> {
    const pack = store.write();
    try {
      const { known } = view.update(pack, {}, never);
      const tree = writeTrees(known, store, pack, never) ?? emptyTree;
      keepPack(pack);
      view.hold(known);
      // What was seen since must not get into a checkpoint by amending it.
      if (last.taken?.tree !== tree) last.drop();
      const lists = readLists(known);
      return {
        tree,
        lists: { ...lists, uncaptured: [...lists.uncaptured, ...view.blind] },
        rights: dressBy(readRights(layRights(known).toString('latin1'))),
      };
    } catch (error) {
      forget();
      cancelPack(pack);
      throw error;
    }
  }

  function isSame(before: Taken, { known, changed, tree }: Look): boolean {
    const uncaptured = listUncaptured(known).length + view.blind.length;
    const isWhole = view.isSwept && before.degraded !== 'still sweeping';
    if (!isWhole || before.tree !== tree || before.uncaptured !== uncaptured) return false;
    // It cannot be told from what is there now, and only one of ours can still be completed.
    if ((last.taken === undefined || changed > 0) && last.lacksReachable(known)) return false;
    const rights = idOf('blob', layRights(known)).toString('hex');
    return readCommit(store, before.commit)?.rights === rights;
  }

  /** The last checkpoint, also when another process took it. */
  function readLast(): Taken | undefined {
    return last.taken ?? readNewest(store)?.taken;
  }

  function keepPack(pack: PackWriter): void {
    const file = pack.finish();
    if (file !== undefined) store.admit(file);
  }

  function checkLead(): void {
    if (options.holds?.() !== false) return;
    throw new Failure('busy', 'another process has taken over this workspace', {
      hint: 'try again',
    });
  }

  function seal(known: Table, pack: PackWriter, how: Omit<Sealed, 'blind' | 'isSwept'>): Taken {
    const { blind, isSwept } = view;
    try {
      return sealCheckpoint(sealing, known, pack, { ...how, blind, isSwept });
    } catch (error) {
      numbers.takeBack();
      throw error;
    }
  }

  function keep(): void {
    view.keep(options.holds?.() !== false);
  }

  /** The table may be ahead of the store: the next checkpoint begins from nothing. */
  function forget(): void {
    view.forget();
    last.drop();
  }

  /** The table says what the last checkpoint said: without it, its bytes may be gone. */
  function forgetDropped(): void {
    const { taken } = last;
    if (taken && readRef(gitDir, 'checkpoints', taken.id) === undefined) forget();
  }

  return {
    store,
    openBase,
    take,
    see,
    note(paths) {
      view.note(paths);
      // What the last checkpoint has not by now, it could only have from after it.
      last.drop();
    },
    repeat(order) {
      const { table } = view;
      if (!table) return take(order);
      const pack = store.write();
      try {
        const tree = writeTrees(table, store, pack, never);
        const looked = last.lookedMs ?? Date.now();
        const number = numbers.give(order.id);
        const taken = seal(table, pack, { order, number, tree, looked, early: [] });
        last.addTwin({ order, number, early: [] });
        return taken;
      } catch (error) {
        throw giveUp(pack, error);
      }
    },
    confirm: last.confirm,
    capture: last.capture,
    tidy() {
      if (consolidateSmall(store, checkLead)) return true;
      if (view.isKeepDue) keep();
      return false;
    },
    copyBase() {
      const borrowed = store.base.find((pack) => dirname(pack.file) !== base);
      if (!borrowed) return false;
      copyPack(borrowed.file, base, basename(borrowed.file));
      openBase();
      return true;
    },
    forgetDropped,
    checkLead,
    close() {
      try {
        keep();
      } finally {
        store.close();
      }
    },
  };
}
