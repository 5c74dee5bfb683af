/** state/init: makes the folder in the workspace where the state is kept for people and agents to read. */
import { join } from 'node:path';
import { Failure } from '../../errors.ts';
import { makeCopyFolder } from '../../store/make-copy-folder.ts';
import { projectName } from '../../store/open-project-shelf.ts';
import type { Handler } from '../context.ts';
import { makeProject } from '../open-project.ts';

export const stateInit: Handler<'state/init'> = async (
  context,
  { share = false, dryRun = false },
) => {
  const { root } = context.workspace;
  const { folder, written, isTaken } = makeCopyFolder(root, { share, dryRun });
  if (isTaken)
    throw new Failure('state-refused', `${folder} is there and is no folder`, {
      data: { path: folder },
      hint: 'move it away; a link is not followed',
    });
  const copy = join(folder, projectName);
  if (dryRun) return { folder, written: [...written, copy], dryRun };
  const { problem } = await (await makeProject(context)).settle();
  if (problem !== undefined)
    throw new Failure('state-refused', problem, { data: { path: copy }, hint: 'mend it by hand' });
  return { folder, written: [...written, copy], dryRun };
};
