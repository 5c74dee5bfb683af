/** session/list: sessions alone, newest first. */
import { askSessions } from '../../store/index/ask-sessions.ts';
import { askIndex } from '../ask-index.ts';
import type { Handler } from '../context.ts';

const usualLimit = 50;

export const sessionList: Handler<'session/list'> = (context, { limit = usualLimit, ...wish }) =>
  askIndex(context, (database, isRunning) => askSessions(database, { ...wish, limit }, isRunning));
