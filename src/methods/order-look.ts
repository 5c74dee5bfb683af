/** A look at everything, to compare with: kept only if something has changed since the last checkpoint. */
import type { TakeOrder } from '../shadow/order.ts';
import type { Context } from './context.ts';

export function orderLook(context: Pick<Context, 'mint'>): TakeOrder {
  return { ...context.mint(), marks: { reason: 'look' }, unlessSame: true };
}
