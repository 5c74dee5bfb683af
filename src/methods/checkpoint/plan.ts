/** checkpoint/plan: what going back to a checkpoint would do. Changes nothing. */
import type { Handler } from '../context.ts';
import { prepareRestore, tellRestore } from '../prepare-restore.ts';

export const checkpointPlan: Handler<'checkpoint/plan'> = async (context, params) => {
  return tellRestore(await prepareRestore(context, params));
};
