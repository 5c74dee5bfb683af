/** Checkpoints that still account for a tool call of an earlier one: a quick look has not seen all of what it did. */
import type { Checkpoint } from '../shadow/order.ts';

/** It is not looked for further ahead. */
const aheadLimit = 4;

export function listFollowing(
  checkpoints: readonly Checkpoint[],
  place: number,
): readonly Checkpoint[] {
  const steps = stepsOf(checkpoints[place]);
  if (steps.size === 0) return [];
  const next = checkpoints.slice(place + 1, place + 1 + aheadLimit);
  const end = next.findIndex((it) => ![...stepsOf(it)].some((step) => steps.has(step)));
  return end < 0 ? next : next.slice(0, end);
}

function stepsOf(checkpoint: Checkpoint | undefined): ReadonlySet<string> {
  return new Set((checkpoint?.acts ?? []).flatMap(({ by }) => ('step' in by ? [by.step] : [])));
}
