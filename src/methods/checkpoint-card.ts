/** A checkpoint as lists show it, and the order for a new one. */
import type { CheckpointCard } from '../contract/types.gen.ts';
import type { Checkpoint, Taken, TakeOrder } from '../shadow/order.ts';

/** What the marks of a checkpoint are called in its card. */
const told = ['session', 'turn', 'step', 'undo'] as const;

export function cardOf(checkpoint: Checkpoint): CheckpointCard {
  const { id, at, commit, tree, pinned, label, degraded, marks } = checkpoint;
  return {
    id,
    at,
    reason: marks['reason'] ?? 'asked',
    ...(label === undefined ? {} : { label }),
    ...Object.fromEntries(told.flatMap((key) => (marks[key] ? [[key, marks[key]]] : []))),
    commit,
    tree,
    pinned,
    ...(degraded === undefined ? {} : { degraded }),
  };
}

/** The same of one that was just taken. */
export function cardOfTaken(order: TakeOrder, taken: Taken): CheckpointCard {
  const { id, commit, tree, degraded } = taken;
  const { at, label, marks = {}, pinned = false } = order;
  return cardOf({
    id,
    at,
    commit,
    tree,
    pinned,
    marks,
    acts: [],
    number: 0,
    ...(label === undefined ? {} : { label }),
    ...(degraded === undefined ? {} : { degraded }),
  });
}
