/** step/progress: how far a step is, for whoever looks on now. */
import type { Handler } from '../context.ts';
import { openHosting } from '../open-hosting.ts';

export const stepProgress: Handler<'step/progress'> = async (context, order) =>
  openHosting(context, 'step/progress').sessions.progressStep(order);
