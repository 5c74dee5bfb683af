/** The last checkpoint, while it may still be amended: what it missed of its own time goes into it, and into those of the same look. */
import { type RawPath, readPath, showPath } from '../snapshot/raw-path.ts';
import type { Table } from '../snapshot/table.ts';
import { tellDisk } from '../snapshot/tell-disk.ts';
import type { WorkspacePort } from '../snapshot/workspace-port.ts';
import type { Early } from '../undo/bouts.ts';
import { type Absorbing, absorbPaths } from './absorb-paths.ts';
import { holdFolderRights } from './lay-rights.ts';
import { listUncaptured, printRow } from './list-rows.ts';
import type { Oid } from './object-id.ts';
import { openEarly } from './open-early.ts';
import type { Store } from './open-store.ts';
import type { View } from './open-view.ts';
import type { Taken, TakeOrder } from './order.ts';
import { cancelPack, type PackWriter } from './pack-writer.ts';
import type { Sealed } from './seal-checkpoint.ts';
import { readRef } from './write-ref.ts';
import { writeTrees } from './write-trees.ts';

export type LastPorts = {
  readonly store: Store;
  readonly workspace: WorkspacePort;
  readonly view: Pick<View, 'table' | 'absorbing' | 'sweep' | 'forget'>;
  seal(known: Table, pack: PackWriter, how: Omit<Sealed, 'blind' | 'isSwept'>): Taken;
};

export type Last = {
  /** Undefined where another process took it, or it is not to be amended any more. */
  readonly taken: Taken | undefined;
  readonly lookedMs: number | undefined;
  replace(known: Table, made: Made): void;
  /** The same look under one more name: what is added to it, that gets as well. */
  addTwin(twin: Twin): void;
  /** Whether anything uncaptured may still be read. */
  lacksReachable(known: Table): boolean;
  /** Looks at everything once more; undefined when it found nothing. */
  confirm(): Taken | undefined;
  /** Reads some of what is not captured yet; false when nothing is left. */
  capture(forMs: number): boolean;
  drop(): void;
};

type Twin = { readonly order: TakeOrder; readonly number: number; readonly early: Early };

type Made = Twin & { readonly lookedMs: number; readonly taken: Taken };

type Amendable = Made & {
  /** What it was told to look at, and did. */
  readonly seen: ReadonlySet<RawPath>;
  readonly twins: readonly Twin[];
  /** All that it says, and what it has not captured as it was then; nothing where it has all. */
  readonly print: string | undefined;
};

/**
 * One file is read, hashed and packed in one go, and nobody else is served meanwhile: of a larger one that takes longer
 * than a prompt waits, and memory that nobody offered. It stays uncaptured, and is said so.
 */
const limitBytesEver = 256 * 1024 * 1024;
/** A file's times can be this much older than the write: the system stamps it with its last tick. */
const tickMs = 20;
const never = Number.POSITIVE_INFINITY;

export function openLast({ store, workspace, view, seal }: LastPorts): Last {
  let last: Amendable | undefined;

  function print(known: Table, { commit, uncaptured }: Taken): string | undefined {
    if (uncaptured === 0) return undefined;
    const [root] = store.read(commit)?.bytes.toString('latin1').split('\n') ?? [];
    return [root, ...listUncaptured(known).map((path) => printRow(known, path))].join('\0');
  }

  function isWithinReach(path: RawPath): boolean {
    const reading = workspace.read(path, -1);
    return reading.kind === 'large' && reading.size <= limitBytesEver;
  }

  /** A second look for the same checkpoint: only at what was so already when it was taken. */
  function amend(
    paths: (work: Absorbing) => readonly RawPath[],
    untilMs: number,
  ): Taken | undefined {
    const { table } = view;
    if (!table || !last) return undefined;
    const { order, number, lookedMs, seen } = last;
    const { degraded } = last.taken;
    const pack = store.write();
    try {
      // A look that was cut short saw little itself, so there the doubt counts for what may be missing.
      const notAfterMs = degraded === undefined ? lookedMs - tickMs : lookedMs + 1;
      const notAfterNs = BigInt(notAfterMs) * 1_000_000n;
      const amends = { seen, notAfterNs };
      const giveBack = holdFolderRights(table);
      const notes = openEarly(workspace, order.acts);
      const looking = { ...view.absorbing(pack, table, untilMs), limitBytes: limitBytesEver };
      const work = { ...looking, amends, early: notes };
      const changed = paths(work);
      giveBack();
      if (changed.length === 0 && degraded === undefined) return undefined;
      const count = absorbPaths(work, changed, false);
      if (table.columns.folderStale[0] === 0 && degraded === undefined) return undefined;
      const tree = writeTrees(table, store, pack, never);
      const anew = new Set(changed.map(showPath));
      const stays = last.early.filter(([path]) => !anew.has(path));
      const early = [...stays, ...(notes?.list() ?? [])];
      const taken = seal(table, pack, { order, number, tree, looked: lookedMs, early });
      if (taken.uncaptured < last.taken.uncaptured) amendTwins(table, last, tree);
      last = { ...last, taken, early };
      return { ...taken, changed: count };
    } catch (error) {
      view.forget();
      last = undefined;
      throw tellDisk(error, 'the checkpoint was not completed', 'what it has is safe');
    } finally {
      cancelPack(pack);
    }
  }

  function amendTwins(
    known: Table,
    { twins, lookedMs: looked }: Amendable,
    tree: Oid | undefined,
  ): void {
    for (const { order, number, early } of twins) {
      // It may have been pruned since.
      if (readRef(store.gitDir, 'checkpoints', order.id) === undefined) continue;
      seal(known, store.write(), { order, number, tree, looked, early });
    }
  }

  return {
    get taken() {
      return last?.taken;
    },
    get lookedMs() {
      return last?.lookedMs;
    },
    replace(known, made) {
      const seen = new Set(made.order.paths?.map(readPath));
      const said = print(known, made.taken);
      const isTwin = said !== undefined && said === last?.print;
      const twins = isTwin && last ? addTwin(last.twins, last) : [];
      last = { ...made, seen, twins, print: said };
    },
    addTwin(twin) {
      if (last) last = { ...last, twins: addTwin(last.twins, twin) };
    },
    lacksReachable: (known) => listUncaptured(known).some(isWithinReach),
    confirm: () => amend(view.sweep, never),
    capture(forMs) {
      const { table } = view;
      if (!table || listUncaptured(table).length === 0) return false;
      const left = listUncaptured(table).length;
      amend(({ table: known }) => listUncaptured(known), Date.now() + forMs);
      return listUncaptured(table).length < left;
    },
    drop() {
      last = undefined;
    },
  };
}

/** Of what never can be captured there may be as many as there are checkpoints. */
const twinLimit = 20;

function addTwin(twins: readonly Twin[], { order, number, early }: Twin): readonly Twin[] {
  return [...twins, { order, number, early }].slice(-twinLimit);
}
