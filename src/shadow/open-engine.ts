/** Takes checkpoints: brings the table up to date, packs what is new, names the whole by a ref. Synchronous: it belongs in a thread of its own. */
import { mkdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Failure } from '../errors.ts';
import { nameOf, type RawPath, readPath } from '../snapshot/raw-path.ts';
import type { Table } from '../snapshot/table.ts';
import type { WorkspacePort } from '../snapshot/workspace-port.ts';
import { type Absorbing, absorbPaths } from './absorb-paths.ts';
import { consolidateSmall } from './consolidate-packs.ts';
import type { Failpoint } from './durable-file.ts';
import { doubtMissing, loadTable, saveTable } from './keep-table.ts';
import { copyPack, linkBase } from './link-base.ts';
import { listUncaptured, readLists } from './list-rows.ts';
import { emptyTree } from './object-id.ts';
import { openStore, type Store } from './open-store.ts';
import type { Taken, TakeOrder } from './order.ts';
import type { PackWriter } from './pack-writer.ts';
import { type Proof, proveRows } from './prove-rows.ts';
import { nothingCaptured, writeCommit } from './write-commit.ts';
import { readRef, writeRef } from './write-ref.ts';
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
  /** Paths that we changed ourselves: the next quick look has to see them too. */
  note(paths: readonly string[]): void;
  /** The same look at the disk under one more name. */
  repeat(order: TakeOrder): Taken;
  /** Looks at everything once more and amends the last checkpoint with what it missed; false when it found nothing. */
  confirm(): Taken | undefined;
  /** Reads some of what is not captured yet into the last checkpoint; false when nothing is left. */
  capture(forMs: number): boolean;
  /** Many small packs become one, and the table is kept for the next run; false when no pack was made. */
  tidy(): boolean;
  /** Objects were dropped: rows that name them are looked at anew. */
  recheck(): void;
  /** Makes one borrowed pack ours; false when none is left. */
  copyBase(): boolean;
  close(): void;
};

const limitBytesUsual = 32 * 1024 * 1024;
/** Node has no larger buffers on every platform; what is larger stays uncaptured, and is said so. */
const limitBytesEver = 2 ** 31 - 1;
/** Kept that often while it runs, and when it ends. */
const keepEveryMs = 60_000;
const never = Number.POSITIVE_INFINITY;

export function openEngine(options: EngineOptions): Engine {
  const { stateFolder, workspace, failpoint = () => {} } = options;
  const gitDir = join(stateFolder, 'store.git');
  mkdirSync(stateFolder, { recursive: true, mode: 0o700 });
  const store = openStore(gitDir, failpoint);
  const base = join(stateFolder, 'base', 'pack');
  const tableFile = join(stateFolder, 'table');
  let table: Table | undefined;
  /** Where there is an index of git's, that is the better place to begin from: it knows what is tracked. */
  const isKeeping = workspace.objects === undefined;
  const kept = {
    atMs: Date.now(),
    /** Something was looked at since then. */
    isLooked: false,
    /** Ignore rules changed: what has rows would not get them again. */
    isRuled: false,
    /** The table at hand comes from the run before. */
    isUsed: false,
  };
  /** Some rows are still only the index's word. */
  let isUnproved = false;
  /** The last look at everything came to its end. */
  let isSwept = true;
  const unlooked = new Set<string>();
  /** The last checkpoint, while it may still be amended. */
  let last: { order: TakeOrder; lookedMs: number; degraded: string | undefined } | undefined;

  function openBase(): void {
    if (workspace.objects === undefined) return;
    const copies = options.copiesBase ?? false;
    store.setBase(linkBase({ base, objects: workspace.objects, copies }));
  }

  function begin(): Table {
    openBase();
    const found = isKeeping ? loadTable(tableFile, workspace.readIdentity()) : undefined;
    if (found) doubtMissing(found, store);
    isUnproved = found === undefined;
    kept.isRuled = false;
    kept.isUsed = found !== undefined;
    return found ?? workspace.openTable();
  }

  function absorbing(pack: PackWriter, known: Table, untilMs: number): Absorbing {
    const limitBytes = options.limitBytes ?? limitBytesUsual;
    return { table: known, workspace, store, pack, limitBytes, untilMs };
  }

  /** Answers whether everything was seen; undefined when the table is of no use under the rules of now. */
  function look(
    work: Absorbing,
    order: TakeOrder,
    isFirst: boolean,
  ): { count: number; complete: boolean } | undefined {
    if (order.paths && !isFirst) {
      const hints = readHints([...order.paths, ...unlooked]);
      kept.isRuled ||= touchesRules(hints);
      unlooked.clear();
      return { count: absorbPaths(work, hints, true), complete: isSwept };
    }
    const { changed, complete } = sweepAll(work);
    if (isFirst && kept.isUsed && touchesRules(changed)) return undefined;
    let count = absorbPaths(work, changed, false);
    if (order.paths) count += absorbPaths(work, readHints(order.paths), true);
    return { count, complete };
  }

  /** What the index said is held against the packs, and its trees are made, while others sweep. */
  function sweepAll({ table: known, pack, untilMs }: Absorbing): {
    changed: RawPath[];
    complete: boolean;
  } {
    let proof: Proof = { failed: [], complete: true };
    const report = workspace.sweep(known, untilMs, () => {
      if (!isUnproved) return;
      proof = proveRows(known, store, untilMs);
      isUnproved = !proof.complete;
      writeTrees(known, store, pack, untilMs);
    });
    isSwept = report.complete && proof.complete;
    kept.isRuled ||= table !== undefined && touchesRules(report.changed);
    return { changed: [...report.changed, ...proof.failed], complete: isSwept };
  }

  function take(order: TakeOrder): Taken {
    failpoint('take-begun');
    const isFirst = table === undefined;
    const untilMs = order.withinMs === undefined ? never : Date.now() + order.withinMs;
    let known = table ?? begin();
    const pack = store.write();
    try {
      let seen = look(absorbing(pack, known, untilMs), order, isFirst);
      if (!seen) {
        kept.isUsed = false;
        known = workspace.openTable();
        seen = look(absorbing(pack, known, untilMs), order, isFirst);
      }
      const lookedMs = Date.now();
      failpoint('take-looked');
      const taken = seal(known, pack, { order, complete: seen?.complete === true, untilMs });
      table = known;
      kept.isLooked = true;
      last = { order, lookedMs, degraded: taken.degraded };
      return { ...taken, changed: seen?.count ?? 0 };
    } catch (error) {
      forget();
      pack.cancel();
      throw error;
    }
  }

  function checkLead(): void {
    if (options.holds?.() !== false) return;
    throw new Failure('busy', 'another process has taken over this workspace', {
      hint: 'try again',
    });
  }

  function seal(
    known: Table,
    pack: PackWriter,
    how: { order: TakeOrder; complete: boolean; untilMs?: number },
  ): Taken {
    const { order } = how;
    const made = writeTrees(known, store, pack, how.untilMs ?? never);
    const tree = made ?? emptyTree;
    const found = made === undefined ? nothingCaptured : readLists(known);
    const uncaptured = found.uncaptured.length;
    const isWhole = how.complete && made !== undefined;
    const degraded = isWhole ? (uncaptured > 0 ? 'still capturing' : undefined) : 'still sweeping';
    const after =
      order.after === undefined ? undefined : readRef(gitDir, 'checkpoints', order.after);
    const commit = writeCommit(pack, { order, tree, lists: found, degraded, parent: after });
    const file = pack.finish();
    if (file !== undefined) store.admit(file);
    checkLead();
    writeRef(gitDir, { kind: 'checkpoints', id: order.id, oid: commit }, failpoint);
    if (order.pinned) writeRef(gitDir, { kind: 'pins', id: order.id, oid: commit }, failpoint);
    failpoint('take-ended');
    return {
      id: order.id,
      commit,
      tree,
      changed: 0,
      uncaptured,
      ...(degraded ? { degraded } : {}),
    };
  }

  /** A second look for the same checkpoint: only at what was so already when it was taken. */
  function amend(
    paths: (work: Absorbing) => readonly RawPath[],
    untilMs: number,
  ): Taken | undefined {
    if (!table || !last) return undefined;
    const { order, lookedMs, degraded } = last;
    const pack = store.write();
    try {
      const notAfterNs = BigInt(lookedMs + 1) * 1_000_000n;
      const limitBytes = limitBytesEver;
      const work = { ...absorbing(pack, table, untilMs), limitBytes, notAfterNs };
      const changed = paths(work);
      if (changed.length === 0 && degraded === undefined) return undefined;
      const count = absorbPaths(work, changed, false);
      if (table.columns.folderStale[0] === 0 && degraded === undefined) return undefined;
      const taken = seal(table, pack, { order, complete: true });
      last = { order, lookedMs, degraded: taken.degraded };
      return { ...taken, changed: count };
    } catch (error) {
      forget();
      throw error;
    } finally {
      pack.cancel();
    }
  }

  function keep(): void {
    const isWorth = isKeeping && kept.isLooked && !kept.isRuled && isSwept && !isUnproved;
    kept.atMs = Date.now();
    kept.isLooked = false;
    if (!table || !isWorth || options.holds?.() === false) return;
    try {
      saveTable(tableFile, table, workspace.readIdentity());
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // Without it the next run reads all files once more, and that is all.
      if (code === undefined) throw error;
    }
  }

  /** The table may be ahead of the store: the next checkpoint begins from nothing. */
  function forget(): void {
    table = undefined;
    last = undefined;
  }

  return {
    store,
    openBase,
    take,
    note(paths) {
      for (const path of paths) unlooked.add(path);
    },
    repeat(order) {
      if (!table) return take(order);
      return seal(table, store.write(), { order, complete: true });
    },
    confirm() {
      return amend((work) => sweepAll(work).changed, never);
    },
    capture(forMs) {
      if (!table || listUncaptured(table).length === 0) return false;
      const left = listUncaptured(table).length;
      amend(({ table: known }) => listUncaptured(known), Date.now() + forMs);
      return listUncaptured(table).length < left;
    },
    tidy() {
      if (consolidateSmall(store)) return true;
      if (Date.now() - kept.atMs < keepEveryMs) return false;
      keep();
      return false;
    },
    recheck() {
      if (table) doubtMissing(table, store);
    },
    copyBase() {
      const borrowed = store.base.find((pack) => dirname(pack.file) !== base);
      if (!borrowed) return false;
      copyPack(borrowed.file, base, basename(borrowed.file));
      openBase();
      return true;
    },
    close() {
      keep();
      store.close();
    },
  };
}

/** What has a row keeps it whatever is ignored later: under other rules, a table is to be made anew in the next run. */
function touchesRules(paths: readonly RawPath[]): boolean {
  return paths.some((path) => nameOf(path) === '.gitignore');
}

function readHints(paths: readonly string[]): RawPath[] {
  return paths.map(readPath);
}
