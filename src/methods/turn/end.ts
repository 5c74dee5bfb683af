/** turn/end: ends a turn, with a checkpoint after it. */
import type { Handler } from '../context.ts';
import { openDoor } from '../open-door.ts';

export const turnEnd: Handler<'turn/end'> = async (context, order) =>
  openDoor(context, 'turn/end').sessions.endTurn(order);
