/** session/end: ends a session that this connection has started. */
import type { Handler } from '../context.ts';
import { openHosting } from '../open-hosting.ts';

export const sessionEnd: Handler<'session/end'> = async (context, order) =>
  openHosting(context, 'session/end').sessions.end(order);
