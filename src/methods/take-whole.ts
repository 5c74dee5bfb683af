/** A checkpoint that has everything that can be read: methods do not stay for what the background would add. */
import type { Calls } from '../shadow/calls.ts';
import type { Taken, TakeOrder } from '../shadow/order.ts';

export async function takeWhole(keeper: Calls, order: TakeOrder): Promise<Taken> {
  const taken = await keeper.take(order);
  if (taken.uncaptured === 0) return taken;
  const { last } = await keeper.complete();
  // Somebody else's came after it: then that one is completed.
  if (last?.id !== taken.id) return taken;
  const { commit, tree, degraded } = await keeper.show(taken.id);
  const { degraded: _, ...rest } = taken;
  return {
    ...rest,
    commit,
    tree,
    uncaptured: last.uncaptured.count,
    ...(degraded === undefined ? {} : { degraded: degraded as NonNullable<Taken['degraded']> }),
  };
}
