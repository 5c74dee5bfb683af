/** trace/subscribe: be told as it happens what goes on in a session, or in all of them. */
import type { TraceSeq } from '../../contract/types.gen.ts';
import { findSessions } from '../../store/index/ask-session-states.ts';
import { askTraceSeq } from '../../store/index/ask-trace.ts';
import { findSession } from '../../store/index/find-id.ts';
import { askIndex } from '../ask-index.ts';
import type { Handler } from '../context.ts';
import { subscriptionsOf } from '../open-subscriptions.ts';

/** As many sessions as a snapshot of the workspace has cards. */
const cardLimit = 100;

export const traceSubscribe: Handler<'trace/subscribe'> = async (context, params) => {
  const subscriptions = subscriptionsOf(context);
  const { subscription = context.mint().id } = params;
  const asked = params.session;
  const { session } = await askIndex(context, (database) =>
    asked === undefined ? {} : { session: findSession(database, asked) },
  );
  const feed = await subscriptions.add(subscription, session);
  const reached = feed.reached();
  const index = await context.index();
  const writers = await index.ask((database) => {
    const sessions =
      session === undefined ? findSessions(database, { limit: cardLimit }).sessions : [session];
    return Object.keys(askTraceSeq(database, sessions));
  });
  const seq: TraceSeq = {};
  for (const it of writers) seq[it] = reached[it] ?? 0;
  return { subscription, ...(session === undefined ? {} : { session }), seq };
};
