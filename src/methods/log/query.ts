/** log/query: sessions and their turns, newest first. */
import { Failure } from '../../errors.ts';
import { askLog } from '../../store/index/ask-log.ts';
import { findSession } from '../../store/index/find-id.ts';
import { planSearches } from '../../store/index/words.ts';
import { nameClaimedPath } from '../../trace/claimed-path.ts';
import { askIndex } from '../ask-index.ts';
import type { Handler } from '../context.ts';
import { countHoles } from '../count-holes.ts';
import { tellMoves } from '../tell-moves.ts';

const usualLimit = 50;

export const logQuery: Handler<'log/query'> = async (context, params) => {
  const { session, path, grep, limit = usualLimit, ...plain } = params;
  if (grep !== undefined && planSearches(grep).length === 0)
    throw new Failure('invalid-params', `grep has no word to look for: ${grep}`, {
      data: { method: 'log/query', field: 'grep' },
      hint: 'words have letters or digits; signs alone are not searched',
    });
  await tellMoves(context, 'HEAD');
  const { root } = context.workspace;
  const named = path === undefined ? {} : { path: nameClaimedPath(path, { workspace: root }) };
  const words = grep === undefined ? {} : { grep };
  const found = await askIndex(context, (database, isRunning) => {
    const only = session === undefined ? {} : { session: findSession(database, session) };
    return askLog(database, { ...plain, ...only, ...named, ...words, limit }, isRunning);
  });
  return { ...found, sessions: countHoles(context, found.sessions) };
};
