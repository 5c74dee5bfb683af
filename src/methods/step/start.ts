/** step/start: begins a step of a turn, which can be seen from then on. */
import type { Handler } from '../context.ts';
import { openHosting } from '../open-hosting.ts';

export const stepStart: Handler<'step/start'> = async (context, order) =>
  openHosting(context, 'step/start').sessions.startStep(order);
