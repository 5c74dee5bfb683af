/** hooks/uninstall: take out what install put in. */
import { planUninstall } from '../../hooking/plan-uninstall.ts';
import { runHookSteps } from '../../repo/run-hook-steps.ts';
import { openHookWish } from '../../store/hook-wish.ts';
import type { Handler } from '../context.ts';
import { openHooks } from '../open-hooks.ts';
import { tellHookStep } from '../tell-hook-step.ts';

export const hooksUninstall: Handler<'hooks/uninstall'> = async (context, params) => {
  const { dryRun = false, purge = false } = params;
  const { layout } = openHooks(context);
  const plan = planUninstall(layout, purge);
  if (!dryRun) {
    openHookWish(context.home, layout.common).clear();
    runHookSteps(plan.steps);
  }
  const unread = purge ? 0 : (layout.spool?.length ?? 0);
  return { hooks: [...plan.hooks], steps: plan.steps.map(tellHookStep), dryRun, unread };
};
