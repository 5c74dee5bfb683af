/** workspace/open: makes sure that a workspace can be worked with, and says how it is called from now on. */
import { Failure } from '../../errors.ts';
import { locateWorkspace } from '../../workspace/locate.ts';
import type { Handler } from '../context.ts';

export const workspaceOpen: Handler<'workspace/open'> = async (context, { folder }) => {
  const { root } = context.workspace;
  // The door has opened what was named; through others only their own workspace can be named.
  const named = locateWorkspace(folder, (it) => it === root).root;
  if (named !== root)
    throw new Failure('no-workspace', `${folder} is not in ${root}`, {
      data: { folder, workspace: root },
      hint: 'here only one workspace can be asked about: `clew serve --stdio` opens any',
    });
  const { id, path } = context.makeFolder();
  return { workspace: id, root, state: path };
};
