/** The journal's word for a checkpoint that a method took. */
import type { CheckpointTaken } from '../contract/types.gen.ts';
import type { Taken } from '../shadow/order.ts';

export function tellTaken(
  { id, commit, tree, changed, uncaptured, degraded }: Taken,
  about: Pick<CheckpointTaken, 'reason' | 'tookMs' | 'label'>,
): CheckpointTaken {
  return {
    type: 'checkpoint-taken',
    checkpoint: id,
    ...about,
    commit,
    tree,
    changed,
    uncaptured,
    ...(degraded === undefined ? {} : { degraded }),
  };
}
