/** turn/start: begins a turn, with a checkpoint before it. */
import type { Handler } from '../context.ts';
import { openDoor } from '../open-door.ts';

export const turnStart: Handler<'turn/start'> = async (context, order) =>
  openDoor(context, 'turn/start').sessions.startTurn(order);
