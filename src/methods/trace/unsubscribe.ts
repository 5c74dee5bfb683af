/** trace/unsubscribe: be told no more. */
import type { Handler } from '../context.ts';
import { subscriptionsOf } from '../open-subscriptions.ts';

export const traceUnsubscribe: Handler<'trace/unsubscribe'> = async (
  context,
  { subscription },
) => ({
  ended: subscriptionsOf(context).remove(subscription),
});
