/** session/start: begins a session of a host that drives its agent itself. */
import type { Handler } from '../context.ts';
import { openDoor } from '../open-door.ts';

export const sessionStart: Handler<'session/start'> = async (context, order) =>
  openDoor(context, 'session/start').sessions.start(order);
