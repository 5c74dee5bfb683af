/** Goes back to a checkpoint in one call, for hosts that show no plan: no path of it has to leave this thread. */
import type { Shadow } from './open-shadow.ts';
import type { Taken, TakeOrder } from './order.ts';

export type BackOrder = {
  /** Id or commit. */
  readonly target: string;
  readonly safety: TakeOrder;
  /** Taken afterwards, if anything changed: the next one is compared with it. */
  readonly arrival: TakeOrder;
};

export type Back = {
  readonly safety: Taken;
  /** How many paths. */
  readonly written: number;
  readonly removed: number;
  /** Changed by somebody meanwhile, and so left alone. */
  readonly skipped: readonly string[];
  /** What the checkpoint does not know, and so leaves as it is. */
  readonly unknown: readonly string[];
};

export function goBack(shadow: Shadow, { target, safety, arrival }: BackOrder): Back {
  const { steps, unknown, safety: taken } = shadow.plan(safety, target);
  const { written, removed, skipped } = shadow.apply(safety.id, steps);
  const paths = [...written, ...removed];
  if (paths.length > 0) shadow.take({ ...arrival, paths, unlessSame: true });
  return { safety: taken, written: written.length, removed: removed.length, skipped, unknown };
}
