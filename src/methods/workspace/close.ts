/** workspace/close: a connection is done with a workspace that it has opened. */
import type { Handler } from '../context.ts';
import { openDoor } from '../open-door.ts';

export const workspaceClose: Handler<'workspace/close'> = async (context) => {
  const door = openDoor(context, 'workspace/close');
  const { id } = context.folder();
  await door.rooms.close(id);
  return { workspace: id };
};
