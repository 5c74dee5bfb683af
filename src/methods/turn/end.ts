/** turn/end: ends a turn, with a checkpoint after it. */
import type { Handler } from '../context.ts';
import { openHosting } from '../open-hosting.ts';

export const turnEnd: Handler<'turn/end'> = async (context, order) =>
  openHosting(context, 'turn/end').sessions.endTurn(order);
