/** undo/apply: undoes a session, a turn, a step or an undo; what others wrote stays. */

import { carryOut } from '../carry-out.ts';
import type { Handler } from '../context.ts';
import { prepareUndo } from '../prepare-undo.ts';
import { tellPlan } from '../tell-plan.ts';

export const undoApply: Handler<'undo/apply'> = async (context, params) => {
  const { id, at } = context.mint();
  const prepared = await prepareUndo(context, params, (scope) => ({
    id,
    at,
    marks: { reason: 'safety', undo: id, of: scope.id },
  }));
  const told = tellPlan(prepared);
  const { plan, steps, texts, of, session, safety } = prepared;
  if (!plan.ready || steps.length === 0) return told;
  const kept = plan.paths.filter(({ outcome }) => outcome === 'kept').map(({ path }) => path);
  const done = await carryOut(context, { id, of, session, safety: safety.id, steps, texts, kept });
  return { ...told, ...done };
};
