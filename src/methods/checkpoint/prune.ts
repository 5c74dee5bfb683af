/** checkpoint/prune: forgets old checkpoints, and gives their space back. */
import type { Handler } from '../context.ts';

const usualKeepLast = 200;
const dayMs = 86_400_000;

export const checkpointPrune: Handler<'checkpoint/prune'> = async (context, params) => {
  context.folder();
  const keeper = await context.keeper();
  const { keepLast = usualKeepLast, olderThanDays = 0, limitBytes, dryRun = false } = params;
  const before = context.mint().at - olderThanDays * dayMs;
  const pruned = await keeper.prune({
    keepLast,
    before,
    ...(limitBytes === undefined ? {} : { limitBytes }),
    ...(dryRun ? { isTrial: true } : {}),
  });
  const { dropped, bytesBefore, bytesAfter } = pruned;
  if (!dryRun && 0 < dropped.length)
    await context.record({
      event: { type: 'checkpoints-pruned', dropped: dropped.length, bytesBefore, bytesAfter },
    });
  return { dropped: [...dropped], bytesBefore, bytesAfter };
};
