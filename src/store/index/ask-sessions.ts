/** Asks the index for sessions alone, newest first. */
import type { SessionCard, SessionList } from '../../contract/types.gen.ts';
import type { Database } from './driver.ts';
import { type IsRunning, openSights } from './sights.ts';

type Wish = SessionList['params'] & { readonly limit: number };
type Found = Pick<SessionList['result'], 'sessions' | 'more'>;

export function askSessions(database: Database, wish: Wish, isRunning: IsRunning): Found {
  const { agent, running, limit } = wish;
  const sights = openSights(database, isRunning);
  const sessions: SessionCard[] = [];
  for (const session of listNewest(database, agent, running === true ? isRunning : undefined)) {
    const card = sights.sessionCard(session, []);
    if (running !== undefined && running !== (card.state === 'running')) continue;
    if (sessions.length === limit) return { sessions, more: true };
    sessions.push(card);
  }
  return { sessions, more: false };
}

/** Of several writers that saw it, the last one says where a session stands in the order. */
function listNewest(
  database: Database,
  agent: string | undefined,
  isRunning: IsRunning | undefined,
): string[] {
  const wheres = ['TRUE'];
  const values: unknown[] = [];
  if (agent !== undefined) {
    wheres.push('writer IN (SELECT writer FROM writers WHERE instr(lower(agent), lower(?)))');
    values.push(agent);
  }
  if (isRunning !== undefined) {
    const all = database.prepare('SELECT writer FROM writers').pluck().all() as string[];
    wheres.push('writer IN (SELECT value FROM json_each(?))');
    values.push(JSON.stringify(all.filter(isRunning)));
  }
  const sql = `SELECT session FROM openings WHERE ${wheres.join(' AND ')}
    GROUP BY session ORDER BY max(stamp) DESC, session DESC`;
  return database
    .prepare(sql)
    .pluck()
    .all(...values) as string[];
}
