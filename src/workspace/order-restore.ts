/** In which order the steps of a restore are carried out. */
import { folderOf } from '../snapshot/raw-path.ts';
import type { RestoreStep } from '../snapshot/restore-step.ts';
import { foldName } from './fold-names.ts';

/** What stands in the way of a write goes first; all other removals last, the deepest first. */
export function orderSteps(steps: readonly RestoreStep[], folds = false) {
  const writes = steps.filter((step) => step.want).sort((a, b) => (a.path < b.path ? -1 : 1));
  const removals = steps.filter((step) => !step.want).sort((a, b) => (a.path < b.path ? 1 : -1));
  const above = new Set(writes.flatMap((step) => foldersFor(step)));
  const giveWay = new Set(
    writes
      .filter((step) => step.found?.mode === '040000' && step.want?.mode !== '040000')
      .map((step) => step.path),
  );
  // Removed last, it would take the file with it that has its name by then.
  const twins = new Set(folds ? writes.map((step) => foldName(step.path)) : []);
  const isEarly = (step: RestoreStep) =>
    twins.has(foldName(step.path)) ||
    above.has(step.path) ||
    foldersAbove(step.path).some((folder) => giveWay.has(folder));
  return {
    writes,
    early: removals.filter(isEarly),
    late: removals.filter((step) => !isEarly(step)),
  };
}

function foldersAbove(path: string): string[] {
  const found: string[] = [];
  for (let at = folderOf(path); at !== ''; at = folderOf(at)) found.push(at);
  return found;
}

/** Folders that must be there for a step, the highest last. */
export function foldersFor(step: RestoreStep): string[] {
  const above = foldersAbove(step.path);
  return step.want?.mode === '040000' ? [step.path, ...above] : above;
}
