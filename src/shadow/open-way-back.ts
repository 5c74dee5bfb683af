/** The way back to a checkpoint: one taken for safety, the plan against it, and the restore that carries out its steps. */
import { Failure } from '../errors.ts';
import { readPath } from '../snapshot/raw-path.ts';
import type { RestoreReport, RestoreStep } from '../snapshot/restore-step.ts';
import { tellDisk } from '../snapshot/tell-disk.ts';
import type { WorkspacePort } from '../snapshot/workspace-port.ts';
import { idOf, type Oid } from './object-id.ts';
import type { Checkpoints } from './open-checkpoints.ts';
import type { Engine } from './open-engine.ts';
import type { Taken, TakeOrder } from './order.ts';
import { type BackPlan, planBack } from './plan-back.ts';
import type { Cleared } from './prune-checkpoints.ts';
import { diffTrees } from './read-trees.ts';

/** Writes into the workspace; a hand of its own, given by whoever opens both. */
export type RestorerPort = {
  apply(id: string, steps: readonly RestoreStep[], allowsOutsideLinks?: boolean): RestoreReport;
  rollForward(): RestoreReport[];
  settle(): RestoreReport[];
  listNeeded(): readonly Oid[];
  clear(before: number): Cleared;
};

export type WayBackPorts = {
  readonly engine: Pick<Engine, 'store' | 'take' | 'note'>;
  readonly checkpoints: Pick<Checkpoints, 'find'>;
  readonly restorer: Pick<RestorerPort, 'apply' | 'rollForward' | 'settle'>;
  readonly workspace: Pick<WorkspacePort, 'read' | 'readOutsideRules'>;
};

export type Applying = {
  /** Bytes that no checkpoint has, such as merged texts; kept before anything changes. */
  readonly texts?: readonly Uint8Array[];
  /** Links that lead out of the workspace are made too. */
  readonly allowsOutsideLinks?: boolean;
};

export type WayBack = {
  /** Restores that a dead process left half done, and that are now done unless they say why not. */
  readonly rolledForward: readonly RestoreReport[];
  /** Takes the safety checkpoint, then says what going back to `target` means. Changes nothing. */
  plan(
    safety: TakeOrder,
    target: string,
    paths?: readonly string[],
  ): BackPlan & { readonly safety: Taken };
  apply(id: string, steps: readonly RestoreStep[], how?: Applying): RestoreReport;
};

export function openWayBack({ engine, checkpoints, restorer, workspace }: WayBackPorts): WayBack {
  const { store } = engine;
  const rolledForward = restorer.rollForward();

  function plan(safety: TakeOrder, target: string, paths: readonly string[] | undefined) {
    const wanted = checkpoints.find(target);
    // Whole, whatever time it takes: what it does not know could not be had back.
    const { withinMs: _, ...whole } = safety;
    const first = engine.take(whole);
    // What is ignored by now is not in it, but would be written over: taken by name.
    const hidden = diffTrees(store, first.tree, wanted.tree).filter(
      ({ path, before }) => !before && workspace.read(readPath(path), -1).kind !== 'gone',
    );
    const taken =
      hidden.length === 0
        ? first
        : engine.take({ ...whole, paths: hidden.map((change) => change.path) });
    const between = { now: checkpoints.find(taken.id), target: wanted };
    const outside = workspace.readOutsideRules();
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

  function keepTexts(texts: readonly Uint8Array[]): void {
    const pack = store.write();
    for (const bytes of texts) {
      const oid = idOf('blob', bytes);
      if (!store.isOwned(oid)) pack.add('blob', oid, bytes);
    }
    const file = pack.finish();
    if (file !== undefined) store.admit(file);
  }

  return {
    rolledForward,
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
  };
}
