/** undo/plan: what an undo would do. Changes nothing. */
import type { Handler } from '../context.ts';
import { prepareWish } from '../prepare-wish.ts';
import { tellPlan } from '../tell-plan.ts';

export const undoPlan: Handler<'undo/plan'> = async (context, params) => {
  return tellPlan(await prepareWish(context, params));
};
