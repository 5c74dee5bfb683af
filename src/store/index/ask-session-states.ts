/** Asks the index what sessions are at, newest first, as the live trace keeps it. */
import type { TraceSeq } from '../../contract/types.gen.ts';
import { defined } from '../../trace/fold-writer.ts';
import { makeSession, type SessionState } from '../../trace/session-state.ts';
import type { Database } from './driver.ts';
import { decodeRow, listed } from './tables.ts';

/** The newest `limit`, and which of them have something that is not in `after`. */
export function findSessions(
  database: Database,
  { after, limit }: { readonly after?: TraceSeq | undefined; readonly limit: number },
): { readonly sessions: string[]; readonly changed: string[]; readonly more: boolean } {
  const rows = database
    .prepare(
      `SELECT session, max("lastStamp") AS last FROM openings GROUP BY session
       ORDER BY last DESC, session DESC LIMIT ?`,
    )
    .pluck()
    .all(limit + 1) as string[];
  const sessions = rows.slice(0, limit);
  return {
    sessions,
    changed: after === undefined ? sessions : sessions.filter(openNews(database, after)),
    more: limit < rows.length,
  };
}

/** Its own news, or of a sub-session of it. */
function openNews(database: Database, after: TraceSeq): (session: string) => boolean {
  const find = database
    .prepare('SELECT writer, "lastSeq" FROM openings WHERE session = ? OR parent = ?')
    .raw();
  return (session) =>
    (find.all(session, session) as [string, number][]).some(
      ([writer, seq]) => (after[writer] ?? 0) < seq,
    );
}

const listedOpen = `FROM turns WHERE session = ? AND ${listed} AND outcome IS NULL`;

/** With its sub-sessions, which are given along. */
export function askSession(database: Database, id: string): SessionState[] {
  const children = database
    .prepare('SELECT DISTINCT session FROM openings WHERE parent = ? AND session <> ?')
    .pluck()
    .all(id, id) as string[];
  const own = readSession(database, id);
  for (const it of children) own.children.add(it);
  return [own, ...children.map((it) => readSession(database, it))];
}

function readSession(database: Database, id: string): SessionState {
  const state = makeSession(id);
  readOpenings(database, state);
  readTurns(database, state);
  readSteps(database, state);
  return state;
}

function readOpenings(database: Database, state: SessionState): void {
  const findWriter = database.prepare('SELECT * FROM writers WHERE writer = ?');
  const rows = database
    .prepare('SELECT * FROM openings WHERE session = ? ORDER BY "lastStamp", writer')
    .all(state.id)
    .map((it) => decodeRow('openings', it));
  for (const row of rows) {
    const { title, parent, lastAt, startedAt } = row;
    const { agent, label, client } = decodeRow('writers', findWriter.get(row.writer));
    state.writers.set(row.writer, row.lastSeq);
    state.about = { ...state.about, ...defined({ title, parent, agent, label, client }) };
    state.startedAt = state.startedAt === 0 ? startedAt : Math.min(state.startedAt, startedAt);
    state.lastAt = lastAt;
  }
}

function readTurns(database: Database, state: SessionState): void {
  const { id, counts } = state;
  const newest = database
    .prepare(
      `SELECT * FROM turns WHERE session = ? AND ${listed}
       ORDER BY stamp DESC, writer DESC, seq DESC LIMIT 1`,
    )
    .get(id);
  if (newest !== undefined) {
    const { id: turn, writer, startedAt = 0, prompt, outcome } = decodeRow('turns', newest);
    state.turn = { id: turn, writer, startedAt, prompt, outcome };
  }
  counts.turns = database
    .prepare(`SELECT count(*) FROM turns WHERE session = ? AND ${listed}`)
    .pluck()
    .get(id) as number;
  const open = database.prepare(`SELECT id, writer ${listedOpen}`).raw().all(id);
  for (const [turn, writer] of open as [string, string][]) state.openTurns.set(turn, writer);
}

function readSteps(database: Database, state: SessionState): void {
  const [steps, tools, failed] = database
    .prepare(
      `SELECT count(*), coalesce(sum(kind = 'tool'), 0),
         coalesce(sum(kind = 'tool' AND outcome = 'failed'), 0)
       FROM steps WHERE "turnNo" IN (SELECT no FROM turns WHERE session = ? AND ${listed})
         AND kind IS NOT NULL`,
    )
    .raw()
    .get(state.id) as [number, number, number];
  Object.assign(state.counts, { steps, tools, failed });
  const open = database
    .prepare(
      `SELECT * FROM steps WHERE "turnNo" IN (SELECT no ${listedOpen}) AND kind IS NOT NULL
         AND outcome IS NULL ORDER BY stamp, writer, seq`,
    )
    .all(state.id)
    .map((it) => decodeRow('steps', it));
  for (const { id, writer, kind = '', title, toolName, startedAt = 0, parent } of open)
    state.openSteps.set(id, { kind, title: title ?? toolName, startedAt, writer, parent });
}
