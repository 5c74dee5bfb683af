/** turn/start: begins a turn, with a checkpoint before it. */
import type { Handler } from '../context.ts';
import { openHosting } from '../open-hosting.ts';

export const turnStart: Handler<'turn/start'> = async (context, order) =>
  openHosting(context, 'turn/start').sessions.startTurn(order);
