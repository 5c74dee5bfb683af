/** Asks the index for sessions and their turns, newest first. */
import type { LogQuery, SessionCard, TurnCard } from '../../contract/types.gen.ts';
import type { Database } from './driver.ts';
import { type IsRunning, openSights, type Sights } from './sights.ts';
import { listed, wasChanged } from './tables.ts';
import { planSearches } from './words.ts';

export type LogWish = Omit<LogQuery['params'], 'limit'> & { readonly limit: number };
export type LogFound = Pick<LogQuery['result'], 'sessions' | 'more'>;

/** A turn, or a session that has none, where it stands in the order. */
type Item = { readonly no?: number; readonly session: string } & Place;
type Place = { readonly stamp: number; readonly writer: string; readonly seq: number };

type Condition = { readonly sql: string; readonly values: readonly unknown[] };

const newestFirst = 'ORDER BY stamp DESC, writer DESC, seq DESC';

export function askLog(database: Database, wish: LogWish, isRunning: IsRunning): LogFound {
  const turns = findTurns(database, wish);
  const oldest = wish.limit < turns.length ? turns.at(-1) : undefined;
  const items = [...turns, ...findTurnless(database, wish, oldest)].sort(compareNewest);
  const sights = openSights(database, isRunning);
  return {
    sessions: showSessions(items.slice(0, wish.limit), sights),
    more: wish.limit < items.length,
  };
}

function findTurns(database: Database, wish: LogWish): Item[] {
  const all = [...conditionsOf(wish), ...searchesOf(wish), ...pathOf(database, wish)];
  const index = wish.session === undefined ? 'turns_order' : 'turns_session';
  const sql = `SELECT no, session, stamp, writer, seq FROM turns INDEXED BY ${index}
    WHERE ${[listed, ...all.map((it) => it.sql)].join(' AND ')} ${newestFirst} LIMIT ?`;
  const values = all.flatMap((it) => it.values);
  return database.prepare(sql).all(...values, wish.limit + 1) as Item[];
}

/** Sessions in which nothing was asked yet have no turn that a word or a path could be in. */
function findTurnless(database: Database, wish: LogWish, oldest: Place | undefined): Item[] {
  if (wish.grep !== undefined || wish.path !== undefined) return [];
  const all = conditionsOf(wish);
  if (oldest !== undefined) all.push({ sql: 'stamp >= ?', values: [oldest.stamp] });
  const sql = `SELECT session, stamp, writer, seq FROM openings
    WHERE NOT EXISTS (SELECT 1 FROM turns WHERE turns.session = openings.session AND ${listed})
      AND ${['TRUE', ...all.map((it) => it.sql)].join(' AND ')} ${newestFirst} LIMIT ?`;
  const values = all.flatMap((it) => it.values);
  const found = database.prepare(sql).all(...values, wish.limit + 1) as Item[];
  const seen = new Set<string>();
  // Several writers may have opened it; the first here is the newest.
  return found.filter((it) => !seen.has(it.session) && seen.add(it.session));
}

/** What is asked of turns and of sessions without turns alike. */
function conditionsOf({ session, agent, since, until }: LogWish): Condition[] {
  const conditions: Condition[] = [];
  if (session !== undefined) conditions.push({ sql: 'session = ?', values: [session] });
  // A stamp is never before the time, so that looking can stop there.
  if (since !== undefined)
    conditions.push({ sql: 'stamp >= ? AND "startedAt" >= ?', values: [since, since] });
  if (until !== undefined) conditions.push({ sql: '"startedAt" <= ?', values: [until] });
  if (agent !== undefined)
    conditions.push({
      sql: `writer IN (SELECT writer FROM writers
        WHERE instr(lower(agent), lower(?)) OR instr(lower(label), lower(?)))`,
      values: [agent, agent],
    });
  return conditions;
}

function searchesOf({ grep }: LogWish): Condition[] {
  if (grep === undefined) return [];
  return planSearches(grep).map((it) => ({
    sql: `no IN (SELECT rowid >> 24 FROM words WHERE words MATCH ?)`,
    values: [it],
  }));
}

/** From so many claims on, going through the turns finds enough of them sooner than the claims do. */
const commonClaims = 20_000;

function pathOf(database: Database, { path }: LogWish): Condition[] {
  if (path === undefined) return [];
  const folder = path.replace(/\/$/, '');
  // The workspace itself: all paths that are named from there. Else all names that begin with the
  // folder and a slash, and no others: `0` is what follows the slash.
  const values = path === '.' ? [] : [folder, `${folder}/`, `${folder}0`];
  const wheres =
    path === '.' ? [`substr(path, 1, 1) <> '/'`] : ['path = ?', 'path > ? AND path < ?'];
  const claims = wheres
    .map((it) => `SELECT "turnNo" FROM claims WHERE changed AND ${it}`)
    .join(' UNION ALL ');
  const count = database.prepare(`SELECT count(*) FROM (${claims} LIMIT ${commonClaims})`).pluck();
  // The index of paths knows which turns claim it; only of those that are shown the rest is asked.
  const exact = {
    sql: `EXISTS (SELECT 1 FROM claims WHERE "turnNo" = turns.no AND ${wasChanged}
      AND (${wheres.join(' OR ')}))`,
    values,
  };
  if (count.get(...values) === commonClaims) return [exact];
  return [{ sql: `no IN (${claims})`, values }, exact];
}

function showSessions(items: readonly Item[], sights: Sights): SessionCard[] {
  const sessions = new Map<string, TurnCard[]>();
  for (const { no, session } of items) {
    const turns = sessions.get(session) ?? [];
    sessions.set(session, turns);
    const turn = no === undefined ? undefined : sights.turn(no);
    if (turn !== undefined) turns.push(sights.turnCard(turn));
  }
  return [...sessions].map(([session, turns]) => sights.sessionCard(session, turns));
}

function compareNewest(a: Item, b: Item): number {
  return b.stamp - a.stamp || compareWords(b.writer, a.writer) || b.seq - a.seq;
}

function compareWords(a: string, b: string): number {
  return a < b ? -1 : Number(b < a);
}
