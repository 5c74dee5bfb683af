/** session/show: one session with its turns. */
import { askShow } from '../../store/index/ask-show.ts';
import { findSession } from '../../store/index/find-id.ts';
import { askIndex } from '../ask-index.ts';
import type { Handler } from '../context.ts';

export const sessionShow: Handler<'session/show'> = (context, { session: asked }) =>
  askIndex(context, (database, isRunning) => {
    const session = findSession(database, asked);
    const found = askShow(database, { kind: 'session', id: session, session }, isRunning);
    const { plan, problems } = found;
    return { session: found.session, ...(plan && { plan }), problems };
  });
