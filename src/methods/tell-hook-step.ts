/** A step of a plan for hooks, as answers tell it: without the text that is written. */
import type { Step } from '../hooking/plan.ts';

export function tellHookStep(step: Step) {
  const to = step.do === 'move' ? step.to : step.do === 'link' ? step.target : undefined;
  return { do: step.do, path: step.path, ...(to === undefined ? {} : { to }) };
}
