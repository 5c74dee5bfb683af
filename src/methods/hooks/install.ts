/** hooks/install: put clew's hooks beside those that are there. */
import { hookNames } from '../../hooking/layout.ts';
import { planInstall } from '../../hooking/plan-install.ts';
import { runHookSteps } from '../../repo/run-hook-steps.ts';
import type { Handler } from '../context.ts';
import { openHooks } from '../open-hooks.ts';
import { tellStep } from '../tell-step.ts';

export const hooksInstall: Handler<'hooks/install'> = async (context, params) => {
  const { hook, dryRun = false, inTree = false } = params;
  const { layout } = openHooks(context);
  const hooks = hook === undefined ? hookNames : [hook];
  const plan = planInstall(layout, { hooks, inTree });
  if (!dryRun) runHookSteps(plan.steps);
  return { hooks: [...plan.hooks], steps: plan.steps.map(tellStep), dryRun };
};
