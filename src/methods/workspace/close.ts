/** workspace/close: a connection is done with a workspace that it has opened. */
import type { Handler } from '../context.ts';
import { openHosting } from '../open-hosting.ts';

export const workspaceClose: Handler<'workspace/close'> = async (context) => {
  const hosting = openHosting(context, 'workspace/close');
  const { id } = context.folder();
  await hosting.leave();
  return { workspace: id };
};
