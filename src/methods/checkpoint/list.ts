/** checkpoint/list: the checkpoints there are, newest first. */

import { findOfKind } from '../../undo/find-scope.ts';
import { cardOf } from '../checkpoint-card.ts';
import type { Handler } from '../context.ts';

const usualLimit = 50;

export const checkpointList: Handler<'checkpoint/list'> = async (context, params) => {
  // Asks for the folder first: where nothing was recorded there is nothing to list, and nothing to make.
  context.folder();
  const keeper = await context.keeper();
  const { limit = usualLimit, session, turn } = params;
  const known = await keeper.list();
  const wanted = {
    ...(session === undefined ? {} : { session: findOfKind(known, 'session', session) }),
    ...(turn === undefined ? {} : { turn: findOfKind(known, 'turn', turn) }),
  };
  const all = known
    // A look is there for what was compared with it; nobody goes back to one.
    .filter(({ marks }) => marks['reason'] !== 'look')
    .filter(({ marks }) => Object.entries(wanted).every(([kind, id]) => marks[kind] === id))
    .reverse();
  return { checkpoints: all.slice(0, limit).map(cardOf), more: limit < all.length };
};
