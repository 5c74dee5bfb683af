/** state/conflicts: what was changed in two ways at once. */
import type { Handler } from '../context.ts';
import { openProject } from '../open-project.ts';

export const stateConflicts: Handler<'state/conflicts'> = async (context) => {
  const shelf = await openProject(context);
  await shelf.settle();
  return { conflicts: shelf.fold.conflicts() };
};
