/** Keeps the project's state within its budget: the oldest of what is over is left out, never a decision. */
import type { LongLayer, StateItem } from '../contract/types.gen.ts';

export type LongBudget = { readonly checkpoints: number; readonly done: number };

const usualBudget: LongBudget = { checkpoints: 200, done: 100 };

export function boundLong(layer: LongLayer, budget: LongBudget = usualBudget): LongLayer {
  const contested = new Set(layer.conflicts.map((it) => it.id));
  const keep = (items: StateItem[], limit: number, isOld: (item: StateItem) => boolean) =>
    keepNewest(items, limit, (it) => isOld(it) && !contested.has(it.id));
  const checkpoints = keep(layer.checkpoints, budget.checkpoints, () => true);
  const milestones = keep(layer.milestones, budget.done, (it) => it.status === 'done');
  const questions = keep(layer.questions, budget.done, (it) => it.status === 'answered');
  const earlier = {
    ...countLess('checkpoints', layer.checkpoints, checkpoints),
    ...countLess('milestones', layer.milestones, milestones),
    ...countLess('questions', layer.questions, questions),
  };
  const isWhole = Object.keys(earlier).length === 0;
  return { ...layer, checkpoints, milestones, questions, ...(isWhole ? {} : { earlier }) };
}

/** Of those that may go, the oldest; the order of the rest stays. */
function keepNewest(
  items: StateItem[],
  limit: number,
  mayGo: (item: StateItem) => boolean,
): StateItem[] {
  const old = items.filter(mayGo).sort((a, b) => ((a.at ?? '') < (b.at ?? '') ? -1 : 1));
  const gone = new Set(old.slice(0, Math.max(0, old.length - limit)));
  return gone.size === 0 ? items : items.filter((it) => !gone.has(it));
}

function countLess(name: string, before: readonly unknown[], after: readonly unknown[]) {
  const less = before.length - after.length;
  return less === 0 ? {} : { [name]: less };
}
