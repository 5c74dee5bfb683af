/** session/end: ends a session that this connection has started. */
import type { Handler } from '../context.ts';
import { openDoor } from '../open-door.ts';

export const sessionEnd: Handler<'session/end'> = async (context, order) =>
  openDoor(context, 'session/end').sessions.end(order);
