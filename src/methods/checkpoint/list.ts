/** checkpoint/list: the checkpoints there are, newest first. */

import { cardOf } from '../checkpoint-card.ts';
import type { Handler } from '../context.ts';

const usualLimit = 50;

export const checkpointList: Handler<'checkpoint/list'> = async (context, params) => {
  // Asks for the folder first: where nothing was recorded there is nothing to list, and nothing to make.
  context.folder();
  const keeper = await context.keeper();
  const { limit = usualLimit, session, turn } = params;
  const all = (await keeper.list())
    .filter(({ marks }) => session === undefined || marks['session'] === session)
    .filter(({ marks }) => turn === undefined || marks['turn'] === turn)
    .reverse();
  return { checkpoints: all.slice(0, limit).map(cardOf), more: limit < all.length };
};
