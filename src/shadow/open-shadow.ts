/** The shadow repository of one workspace: take, list, read, compare, go back, forget. */
import { join } from 'node:path';
import { Failure } from '../errors.ts';
import { readPath } from '../snapshot/raw-path.ts';
import type { RestoreReport, RestoreStep, Version } from '../snapshot/restore-step.ts';
import { tellDisk } from '../snapshot/tell-disk.ts';
import { modes } from '../snapshot/tree-object.ts';
import { diffCheckpoints } from './diff-checkpoints.ts';
import { idOf, type Oid } from './object-id.ts';
import { type Engine, type EngineOptions, openEngine } from './open-engine.ts';
import { openRights, openSide } from './open-rights.ts';
import { openUnknown } from './open-unknown.ts';
import type { Change, Checkpoint, Taken, TakeOrder, Window } from './order.ts';
import { type BackPlan, planBack } from './plan-back.ts';
import {
  type Cleared,
  type Pruned,
  type PruneOrder,
  pruneCheckpoints,
} from './prune-checkpoints.ts';
import { diffTrees, findEntry, versionOf } from './read-trees.ts';
import { markUnknown, readWindow, type WindowSide } from './read-window.ts';
import { rememberReads } from './remember-reads.ts';
import { noLists, type ReadCommit, readCommit } from './write-commit.ts';
import { dropRef, findRef, listRefs, readRef, writeRef } from './write-ref.ts';

/** Writes into the workspace; a hand of its own, given by whoever opens both. */
export type RestorerPort = {
  apply(id: string, steps: readonly RestoreStep[], allowsOutsideLinks?: boolean): RestoreReport;
  rollForward(): RestoreReport[];
  settle(): RestoreReport[];
  listNeeded(): readonly Oid[];
  clear(before: number): Cleared;
};

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

export type Applying = {
  /** Bytes that no checkpoint has, such as merged texts; kept before anything changes. */
  readonly texts?: readonly Uint8Array[];
  /** Links that lead out of the workspace are made too. */
  readonly allowsOutsideLinks?: boolean;
};

export type Shadow = {
  readonly engine: Engine;
  /** Restores that a dead process left half done, and that are now done unless they say why not. */
  readonly rolledForward: readonly RestoreReport[];
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
  /** Takes the safety checkpoint, then says what going back to `target` means. Changes nothing. */
  plan(
    safety: TakeOrder,
    target: string,
    paths?: readonly string[],
  ): BackPlan & { readonly safety: Taken };
  apply(id: string, steps: readonly RestoreStep[], how?: Applying): RestoreReport;
  pin(id: string): void;
  unpin(id: string): void;
  prune(order: PruneOrder): Pruned;
  close(): void;
};

type Listed = {
  readonly checkpoint: Checkpoint;
  /** It has no lists beside its tree: all that it says is here. */
  readonly isBare: boolean;
  readonly rights: Oid | undefined;
};

type ListedSide = Omit<WindowSide, 'rights'> & Pick<ReadCommit, 'rights'>;

export function openShadow(options: ShadowOptions): Shadow {
  try {
    return openWhole(options);
  } catch (error) {
    throw tellDisk(error, 'the checkpoints cannot be opened', 'nothing was lost');
  }
}

function openWhole(options: ShadowOptions): Shadow {
  const { holds = () => true } = options;
  const engine = openEngine(options);
  const { store } = engine;
  const { gitDir } = store;
  const readBlob = (oid: Oid) => {
    const object = store.read(oid);
    return object?.type === 'blob' ? object.bytes : undefined;
  };
  const folder = join(options.stateFolder, 'restores');
  const restorer = options.openRestorer({ readBlob, folder, holds });
  // Also without a repository: it may have been thrown away, and what it had is ours.
  engine.openBase();
  const rolledForward = restorer.rollForward();
  let listed = new Map<Oid, Listed>();

  /** A commit names its checkpoint too, also when that was amended since and has another one. */
  function nameCommit(oid: string): string | undefined {
    return /^[0-9a-f]{40}$/.test(oid) ? readCommit(store, oid)?.id : undefined;
  }

  function showCommit(short: string): ReadCommit {
    const id = findRef(gitDir, 'checkpoints', nameCommit(short) ?? short);
    const oid = readRef(gitDir, 'checkpoints', id);
    const commit = oid === undefined ? undefined : readCommit(store, oid);
    if (commit) return commit;
    throw new Failure('damaged', `checkpoint ${id} is damaged`, {
      hint: 'other checkpoints may be whole',
    });
  }

  /** Of many one after the other: a name need not be looked for among all others each time. */
  function readListed(checkpoint: Checkpoint | undefined): ListedSide {
    if (checkpoint === undefined) return showCommit('');
    const known = listed.get(checkpoint.commit);
    if (known?.isBare === true) {
      const { rights } = known;
      return { ...checkpoint, lists: noLists, ...(rights ? { rights } : {}) };
    }
    return readCommit(store, checkpoint.commit) ?? showCommit(checkpoint.id);
  }

  function describe({ lists: _, parents: __, rights: ___, ...commit }: ReadCommit): Checkpoint {
    return { ...commit, pinned: readRef(gitDir, 'pins', commit.id) !== undefined };
  }

  /** A commit never changes: what it said when it was last listed, it says now. */
  function list(): Checkpoint[] {
    const before = listed;
    listed = new Map();
    const pins = new Set(listRefs(gitDir, 'pins'));
    const found = listRefs(gitDir, 'checkpoints').flatMap((id) => {
      const oid = readRef(gitDir, 'checkpoints', id);
      const known = oid === undefined ? undefined : (before.get(oid) ?? readForList(oid));
      if (oid === undefined || known === undefined) return [];
      listed.set(oid, known);
      return { ...known.checkpoint, pinned: pins.has(id) };
    });
    return found.sort((a, b) => a.number - b.number);
  }

  function readForList(oid: Oid): Listed | undefined {
    const commit = readCommit(store, oid);
    if (commit === undefined) return undefined;
    const isBare = Object.values(commit.lists).every((it) => it.length === 0);
    return { checkpoint: describe(commit), isBare, rights: commit.rights };
  }

  return {
    engine,
    rolledForward,
    take: engine.take,
    list,
    show: (id) => describe(showCommit(id)),
    diff(before, after) {
      const from = openSide(store, showCommit(before));
      const to = after === undefined ? engine.see() : openSide(store, showCommit(after));
      const changes = diffCheckpoints(store, from, to);
      return markUnknown(
        store,
        { before: from, after: to },
        changes,
        options.workspace.readOutsideRules(),
      );
    },
    windows(first, last) {
      const from = showCommit(first).number;
      const to = last === undefined ? Number.POSITIVE_INFINITY : showCommit(last).number;
      const asked = list().filter(({ number }) => number <= to);
      // Of the very first nobody knows what it changed.
      const start = asked.findIndex(({ number }, place) => place > 0 && number >= from);
      if (start < 0) return [];
      const outside = options.workspace.readOutsideRules();
      // What a window ended with, the next one begins with.
      const trees = rememberReads(store);
      let known = readListed(asked[start - 1]);
      let before = openSide(store, known);
      return asked.slice(start).map((checkpoint) => {
        const next = readListed(checkpoint);
        const { rights } = before;
        const after = next.rights === known.rights ? { ...next, rights } : openSide(store, next);
        const window = readWindow(trees, { before, after }, outside);
        known = next;
        before = after;
        return window;
      });
    },
    versionsAt(id, paths) {
      const commit = showCommit(id);
      const { tree, lists } = commit;
      const { dress } = openRights(store, commit.rights);
      const isUnknown = openUnknown(commit);
      const folders = new Set(lists.folders);
      return paths.map((shown) => {
        const path = readPath(shown);
        const entry = findEntry(store, tree, path);
        if (isUnknown(path, entry !== undefined)) return 'unknown';
        if (entry?.mode === modes.folder || folders.has(path))
          return dress(path, { mode: '040000', oid: '' });
        const version = versionOf(entry);
        return version === undefined ? null : dress(path, version);
      });
    },
    versionAt(id, shown) {
      const [path, commit] = [readPath(shown), showCommit(id)];
      const version = versionOf(findEntry(store, commit.tree, path));
      return version && openRights(store, commit.rights).dress(path, version);
    },
    readBlob,
    plan(safety, target, paths) {
      const known = store.damaged;
      try {
        return plan(safety, target, paths);
      } catch (error) {
        // Damage found on the way: the next look leans on nothing that is in there.
        if (!(error instanceof Failure) || error.code !== 'damaged' || store.damaged === known)
          throw error;
        return plan(safety, target, paths);
      }
    },
    apply(id, steps, { texts = [], allowsOutsideLinks = false } = {}) {
      // Asked again by somebody whose leader died over it.
      const done = rolledForward.find((report) => report.id === id);
      if (done && done.unfinished === undefined) return done;
      prepare(texts);
      // Also when it fails half way: a look too many costs nothing.
      engine.note(steps.map((step) => step.path));
      return restorer.apply(id, steps, allowsOutsideLinks);
    },
    pin(id) {
      const found = findRef(gitDir, 'checkpoints', id);
      const oid = readRef(gitDir, 'checkpoints', found);
      if (oid !== undefined)
        writeRef(gitDir, { kind: 'pins', id: found, oid }, options.failpoint ?? (() => {}));
    },
    unpin: (id) => dropRef(gitDir, 'pins', findRef(gitDir, 'pins', id)),
    prune,
    close: () => engine.close(),
  };

  function plan(safety: TakeOrder, target: string, paths: readonly string[] | undefined) {
    const wanted = showCommit(target);
    // Whole, whatever time it takes: what it does not know could not be had back.
    const { withinMs: _, ...whole } = safety;
    const first = engine.take(whole);
    // What is ignored by now is not in it, but would be written over: taken by name.
    const hidden = diffTrees(store, first.tree, wanted.tree).filter(
      ({ path, before }) => !before && options.workspace.read(readPath(path), -1).kind !== 'gone',
    );
    const taken =
      hidden.length === 0
        ? first
        : engine.take({ ...whole, paths: hidden.map((change) => change.path) });
    const between = { now: showCommit(taken.id), target: wanted };
    const outside = options.workspace.readOutsideRules();
    return { ...planBack(store, between, paths, outside), safety: taken };
  }

  function prepare(texts: readonly Uint8Array[]): void {
    try {
      finishEarlier();
      keepTexts(texts);
    } catch (error) {
      throw tellDisk(error, 'the restore was not begun', 'nothing was changed');
    }
  }

  /** One that was cut short goes first: its steps were planned before. */
  function finishEarlier(): void {
    for (const { id, written, removed, unfinished, isAbandoned } of restorer.settle()) {
      engine.note([...written, ...removed]);
      if (unfinished === undefined || isAbandoned) continue;
      throw new Failure('restore-refused', unfinished, {
        data: { unfinished: id },
        hint: 'nothing more was changed; put that right first',
      });
    }
  }

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

  function keepTexts(texts: readonly Uint8Array[]): void {
    const pack = store.write();
    for (const bytes of texts) {
      const oid = idOf('blob', bytes);
      if (!store.isOwned(oid)) pack.add('blob', oid, bytes);
    }
    const file = pack.finish();
    if (file !== undefined) store.admit(file);
  }
}
