/** The shadow repository of one workspace: take, list, read, compare, go back, forget. */
import { join } from 'node:path';
import { readPath } from '../snapshot/raw-path.ts';
import type { Version } from '../snapshot/restore-step.ts';
import { tellDisk } from '../snapshot/tell-disk.ts';
import { modes } from '../snapshot/tree-object.ts';
import { diffCheckpoints } from './diff-checkpoints.ts';
import type { Oid } from './object-id.ts';
import { openCheckpoints } from './open-checkpoints.ts';
import { type Engine, type EngineOptions, openEngine } from './open-engine.ts';
import { openRights, openSide } from './open-rights.ts';
import { openTreeFinder } from './open-tree-finder.ts';
import { openUnknown } from './open-unknown.ts';
import { openWayBack, type RestorerPort, type WayBack } from './open-way-back.ts';
import type { Change, Checkpoint, Taken, TakeOrder, Window } from './order.ts';
import { type Pruned, type PruneOrder, pruneCheckpoints } from './prune-checkpoints.ts';
import { findEntry, versionOf } from './read-trees.ts';
import { markUnknown, readWindow } from './read-window.ts';
import { rememberReads } from './remember-reads.ts';

/** What a restorer is to be built on. */
export type RestorerBase = {
  /** Verified. */
  readonly readBlob: (oid: Oid) => Uint8Array | undefined;
  /** In the state folder, for its records and its trash. */
  readonly folder: string;
  /** Whether this process still leads the workspace. */
  readonly holds: () => boolean;
};

export type ShadowOptions = EngineOptions & {
  readonly openRestorer: (base: RestorerBase) => RestorerPort;
};

export type Shadow = WayBack & {
  readonly engine: Engine;
  take(order: TakeOrder): Taken;
  list(): Checkpoint[];
  show(id: string): Checkpoint;
  /** From one checkpoint to another, or to what is there now. */
  diff(before: string, after?: string): Change[];
  /** What each checkpoint from `first` to `last` changed, in the order they were taken. */
  windows(first: string, last?: string): Window[];
  versionAt(id: string, path: string): Version | undefined;
  /** Of each path; null where there is nothing, `unknown` where the checkpoint could not read it. */
  versionsAt(id: string, paths: readonly string[]): (Version | 'unknown' | null)[];
  readBlob(oid: Oid): Uint8Array | undefined;
  pin(id: string): void;
  unpin(id: string): void;
  prune(order: PruneOrder): Pruned;
  close(): void;
};

export function openShadow(options: ShadowOptions): Shadow {
  try {
    return openWhole(options);
  } catch (error) {
    throw tellDisk(error, 'the checkpoints cannot be opened', 'nothing was lost');
  }
}

function openWhole(options: ShadowOptions): Shadow {
  const { workspace, holds = () => true } = options;
  const engine = openEngine(options);
  const { store } = engine;
  const checkpoints = openCheckpoints(store, options.failpoint ?? (() => {}));
  const readBlob = (oid: Oid) => {
    const object = store.read(oid);
    return object?.type === 'blob' ? object.bytes : undefined;
  };
  const folder = join(options.stateFolder, 'restores');
  const restorer = options.openRestorer({ readBlob, folder, holds });
  // Also without a repository: it may have been thrown away, and what it had is ours.
  engine.openBase();
  const wayBack = openWayBack({ engine, checkpoints, restorer, workspace });

  return {
    ...wayBack,
    engine,
    take: engine.take,
    list: checkpoints.list,
    show: checkpoints.show,
    diff(before, after) {
      const from = openSide(store, checkpoints.find(before));
      const to = after === undefined ? engine.see() : openSide(store, checkpoints.find(after));
      const changes = diffCheckpoints(store, from, to);
      return markUnknown(store, { before: from, after: to }, changes, workspace.readOutsideRules());
    },
    windows(first, last) {
      const from = checkpoints.find(first).number;
      const to = last === undefined ? Number.POSITIVE_INFINITY : checkpoints.find(last).number;
      const asked = checkpoints.list().filter(({ number }) => number <= to);
      // Of the very first nobody knows what it changed.
      const start = asked.findIndex(({ number }, place) => place > 0 && number >= from);
      if (start < 0) return [];
      const outside = workspace.readOutsideRules();
      // What a window ended with, the next one begins with.
      const trees = rememberReads(store);
      let known = checkpoints.readListed(asked[start - 1]);
      let before = openSide(store, known);
      return asked.slice(start).map((checkpoint) => {
        const next = checkpoints.readListed(checkpoint);
        const { rights } = before;
        const after = next.rights === known.rights ? { ...next, rights } : openSide(store, next);
        const window = readWindow(trees, { before, after }, outside);
        known = next;
        before = after;
        return window;
      });
    },
    versionsAt(id, paths) {
      const commit = checkpoints.find(id);
      const { tree, lists } = commit;
      const { dress } = openRights(store, commit.rights);
      const isUnknown = openUnknown(commit);
      const folders = new Set(lists.folders);
      const find = openTreeFinder(store);
      return paths.map((shown) => {
        const path = readPath(shown);
        const entry = find(tree, path);
        if (isUnknown(path, entry !== undefined)) return 'unknown';
        if (entry?.mode === modes.folder || folders.has(path))
          return dress(path, { mode: '040000', oid: '' });
        const version = versionOf(entry);
        return version === undefined ? null : dress(path, version);
      });
    },
    versionAt(id, shown) {
      const [path, commit] = [readPath(shown), checkpoints.find(id)];
      const version = versionOf(findEntry(store, commit.tree, path));
      return version && openRights(store, commit.rights).dress(path, version);
    },
    readBlob,
    pin: checkpoints.pin,
    unpin: checkpoints.unpin,
    prune,
    close: () => engine.close(),
  };

  function prune(order: PruneOrder): Pruned {
    try {
      const { checkLead } = engine;
      const pruned = pruneCheckpoints(store, order, { checkLead, blobs: restorer.listNeeded() });
      const trashBefore = order.isTrial ? 0 : (order.trashBefore ?? 0);
      return { ...pruned, trash: restorer.clear(trashBefore) };
    } catch (error) {
      throw tellDisk(error, 'pruning stopped on its way', 'what is kept is whole');
    } finally {
      engine.forgetDropped();
    }
  }
}
