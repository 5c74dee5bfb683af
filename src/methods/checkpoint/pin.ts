/** checkpoint/pin: keeps a checkpoint whatever its age, or no longer. */

import { cardOf } from '../checkpoint-card.ts';
import type { Handler } from '../context.ts';
import { resolveCheckpoint } from '../resolve-checkpoint.ts';

export const checkpointPin: Handler<'checkpoint/pin'> = async (context, { id, pinned = true }) => {
  const found = await resolveCheckpoint(context, id);
  const keeper = await context.keeper();
  if (pinned) await keeper.pin(found);
  else if ((await keeper.show(found)).pinned) await keeper.unpin(found);
  return { checkpoint: cardOf(await keeper.show(found)) };
};
