/** message/rewind: a list of messages without what follows one of them. */
import { rewindMessages } from '../../undo/rewind-messages.ts';
import type { Handler } from '../context.ts';

export const messageRewind: Handler<'message/rewind'> = async (_, params) => {
  const { messages, index, includeTarget, skipCleanup } = params;
  return rewindMessages(messages, index, { includeTarget, skipCleanup });
};
