/** state/import: takes over what somebody changed in the file of the project's state. */
import { Failure } from '../../errors.ts';
import { foreseeConflicts, type ProjectShelf } from '../../store/open-project-shelf.ts';
import type { Handler } from '../context.ts';
import { makeProject } from '../open-project.ts';

export const stateImport: Handler<'state/import'> = async (context, params) => {
  const { dryRun = false, base, text, versions = {} } = params;
  const shelf = await makeProject(context);
  if (text !== undefined) return importText(shelf, { text, versions, dryRun });
  const seen = await shelf.look();
  if (base !== undefined && base !== seen.base)
    throw new Failure('conflict', 'the state was written since you looked at it', {
      data: { base: seen.base ?? null, asked: base },
      hint: 'look at it again (`clew state`), then import once more',
    });
  const foreseen = foreseeConflicts(shelf.fold, seen.changes);
  const { path, found, changes, problem, ...sums } = dryRun ? seen : await shelf.settle();
  return {
    ...{ path, found, ...sums, changes: [...changes] },
    conflicts: dryRun ? foreseen : shelf.fold.conflicts(),
    ...(problem === undefined ? {} : { problem }),
    dryRun,
  };
};

type Given = {
  readonly text: string;
  readonly versions: Readonly<Record<string, readonly string[]>>;
  readonly dryRun: boolean;
};

async function importText(shelf: ProjectShelf, { text, versions, dryRun }: Given) {
  const { changes, problem } = shelf.compare(text, versions);
  const conflicts = foreseeConflicts(shelf.fold, changes);
  if (problem === undefined && changes.length > 0 && !dryRun)
    await shelf.change({
      type: 'state-changed',
      how: 'import',
      by: 'person',
      changes: [...changes],
    });
  if (!dryRun) await shelf.settle();
  const told = problem === undefined ? {} : { problem };
  return { path: '', found: true, changes: [...changes], conflicts, ...told, dryRun };
}
