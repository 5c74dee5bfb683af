/** hooks/install: put clew's hooks beside those that are there. */
import { hookNames } from '../../hooking/layout.ts';
import { planInstall } from '../../hooking/plan-install.ts';
import { runHookSteps } from '../../repo/run-hook-steps.ts';
import { openHookWish } from '../../store/hook-wish.ts';
import type { Handler } from '../context.ts';
import { openHooks } from '../open-hooks.ts';
import { tellHookStep } from '../tell-hook-step.ts';

export const hooksInstall: Handler<'hooks/install'> = async (context, params) => {
  const { hook, dryRun = false, inTree = false } = params;
  const { layout } = openHooks(context);
  const hooks = hook === undefined ? hookNames : [hook];
  const plan = planInstall(layout, { hooks, inTree });
  if (!dryRun) {
    runHookSteps(plan.steps);
    // Those that are left to a person may be put in or not: only what stands is missed when it is gone.
    const done = plan.hooks.filter((it) => it.outcome !== 'asks' && it.outcome !== 'refused');
    if (0 < done.length) openHookWish(context.home, layout.common).add(done.map((it) => it.hook));
  }
  return { hooks: [...plan.hooks], steps: plan.steps.map(tellHookStep), dryRun };
};
