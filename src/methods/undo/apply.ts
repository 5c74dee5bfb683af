/** undo/apply: undoes a session, a turn, a step or an undo; what others wrote stays. */

import { carryOut } from '../carry-out.ts';
import type { Handler } from '../context.ts';
import { prepareWish } from '../prepare-wish.ts';
import { tellPlan } from '../tell-plan.ts';

export const undoApply: Handler<'undo/apply'> = async (context, params) => {
  const prepared = await prepareWish(context, params);
  const told = tellPlan(prepared);
  const { plan, steps, texts, of, session } = prepared;
  if (!plan.ready || steps.length === 0) return told;
  const { outsideLinks } = params;
  const kept = plan.paths.filter(({ outcome }) => outcome === 'kept').map(({ path }) => path);
  const done = await carryOut(context, { of, session, steps, texts, kept, outsideLinks });
  return { ...told, ...done };
};
