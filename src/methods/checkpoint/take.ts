/** checkpoint/take: keeps the workspace as it is now. */
import type { TakeOrder } from '../../shadow/order.ts';
import { cardOfTaken } from '../checkpoint-card.ts';
import type { Handler } from '../context.ts';
import { relativePath } from '../relative-path.ts';
import { takeWhole } from '../take-whole.ts';
import { tellTaken } from '../tell-taken.ts';

export const checkpointTake: Handler<'checkpoint/take'> = async (context, params) => {
  const { label, pinned, paths } = params;
  const keeper = await context.keeper();
  const { id, at } = context.mint();
  const order: TakeOrder = {
    id,
    at,
    marks: { reason: 'asked' },
    ...(label === undefined ? {} : { label }),
    ...(pinned === undefined ? {} : { pinned }),
    ...(paths === undefined ? {} : { paths: paths.map((it) => relativePath(context, it)) }),
  };
  const taken = await takeWhole(keeper, order);
  const tookMs = context.mint().at - at;
  const told = { reason: 'asked', tookMs, ...(label === undefined ? {} : { label }) } as const;
  await context.record({ event: tellTaken(taken, told) });
  const { changed, uncaptured } = taken;
  return { checkpoint: cardOfTaken(order, taken), changed, uncaptured, tookMs };
};
