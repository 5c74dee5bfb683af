/** session/start: begins a session of a host that drives its agent itself. */
import type { Handler } from '../context.ts';
import { openHosting } from '../open-hosting.ts';

export const sessionStart: Handler<'session/start'> = async (context, order) =>
  openHosting(context, 'session/start').sessions.start(order);
