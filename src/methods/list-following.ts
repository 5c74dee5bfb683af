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

/** Checkpoints that tell of what a look may have seen before it was told: it had begun when that look ended. */
export function listNext(checkpoints: readonly Checkpoint[], place: number): readonly Checkpoint[] {
  const { looked = 0 } = checkpoints[place] ?? {};
  return checkpoints
    .slice(place + 1, place + 1 + aheadLimit)
    .filter(({ acts }) =>
      acts.some(({ told, since = 0 }) => told !== undefined && since <= looked),
    );
}

function stepsOf(checkpoint: Checkpoint | undefined): ReadonlySet<string> {
  return new Set((checkpoint?.acts ?? []).flatMap(({ by }) => ('step' in by ? [by.step] : [])));
}
