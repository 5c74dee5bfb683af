/** trace/snapshot: rows or cards as they are now, or what changed since. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { TraceCard, TraceSnapshot } from '../../contract/types.gen.ts';
import { askSession, findSessions } from '../../store/index/ask-session-states.ts';
import { askTraceRows, askTraceSeq, askWriterSeqs } from '../../store/index/ask-trace.ts';
import type { Database } from '../../store/index/driver.ts';
import { findSession } from '../../store/index/find-id.ts';
import { type IsRunning, openSights } from '../../store/index/sights.ts';
import { showCard } from '../../trace/session-state.ts';
import { reachesAsFar } from '../../trace/trace-seq.ts';
import { askIndex } from '../ask-index.ts';
import type { Handler } from '../context.ts';

type Params = TraceSnapshot['params'];
type Result = TraceSnapshot['result'];

const usualRows = 20_000;
const usualCards = 100;
/** Another process may be taking in what we need: it is asked again so often. */
const tries = 50;
const waitMs = 100;

export const traceSnapshot: Handler<'trace/snapshot'> = async (context, params) => {
  const wanted = Object.keys(params.seq ?? {});
  for (let left = tries; ; left -= 1) {
    const { known, ...found } = await askIndex(context, (database, isRunning) => ({
      ...(params.session === undefined
        ? showRoom(database, params, isRunning)
        : showSession(database, params.session, params, isRunning)),
      known: askWriterSeqs(database, wanted),
    }));
    // What the asker knows of must be in it; of the rest it is enough to say that there is more.
    if (left === 0 || reachesAsFar(known, params.seq ?? {})) return found;
    await sleep(waitMs);
  }
};

function showSession(
  database: Database,
  asked: string,
  params: Params,
  isRunning: IsRunning,
): Result {
  const session = findSession(database, asked);
  const { afterSeq: after, limit = usualRows } = params;
  const { rows, more } = askTraceRows(database, { session, after, limit }, isRunning);
  const seq = askTraceSeq(database, [session]);
  const cards = showCards(database, [session], isRunning);
  return { seq, session, rows, cards, ...(more ? { more } : {}) };
}

function showRoom(database: Database, params: Params, isRunning: IsRunning): Result {
  const { afterSeq: after, limit = usualCards } = params;
  const { sessions, changed, more } = findSessions(database, { after, limit });
  const seq = askTraceSeq(database, sessions);
  const cards = showCards(database, changed, isRunning);
  return { seq, rows: [], cards, ...(more ? { more } : {}) };
}

function showCards(
  database: Database,
  sessions: readonly string[],
  isRunning: IsRunning,
): TraceCard[] {
  const sights = openSights(database, isRunning);
  return sessions.map((id) => {
    const states = new Map(askSession(database, id).map((it) => [it.id, it]));
    const [own] = states.values();
    if (own === undefined) throw new Error('a session nobody saw');
    return showCard(own, { isGone: sights.isGone, session: (it) => states.get(it) });
  });
}
