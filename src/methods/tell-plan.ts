/** What is told of an undo or a restore, planned or done. */
import type { PathPlan as PathCard, UndoPlan } from '../contract/types.gen.ts';
import type { RestoreStep } from '../snapshot/restore-step.ts';
import type { PathPlan } from '../undo/plan-restore.ts';
import type { Prepared } from './prepare-undo.ts';

export function tellPlan({ of, plan, edits, steps }: Prepared): UndoPlan['result'] {
  const evidence = new Map(edits.map((it) => [it.path, it.evidence]));
  const doing = new Map(steps.map((it) => [it.path, does(it)]));
  return {
    of: { ...of },
    ready: plan.ready,
    paths: plan.paths.map((it): PathCard => {
      const known = evidence.get(it.path);
      const act = doing.get(it.path);
      return { ...tellPath(it), ...(act && { does: act }), ...(known && { evidence: known }) };
    }),
  };
}

export function does({ found, want }: RestoreStep): 'write' | 'create' | 'remove' {
  if (!want) return 'remove';
  const gives = found?.mode === '040000' && want.mode !== '040000';
  return found && !gives ? 'write' : 'create';
}

function tellPath({ path, kind, outcome, lost, why }: PathPlan): PathCard {
  return { path, kind, outcome, lost: [...lost], ...(why === undefined ? {} : { why }) };
}
