/** Asks the index what sessions are called: agent, model, the agent's own id. */
import type { LineAuthor } from '../../contract/types.gen.ts';
import type { Database } from './driver.ts';

type Row = { [K in 'agent' | 'model' | 'thread' | 'title']: string | null };

export function askAuthors(database: Database, sessions: readonly string[]): LineAuthor[] {
  const find = database.prepare(`SELECT writers.agent AS agent, openings.model AS model,
      openings."agentSession" AS thread, openings.title AS title
    FROM openings LEFT JOIN writers ON writers.writer = openings.writer
    WHERE openings.session = ? ORDER BY openings."lastStamp" DESC`);
  return sessions.map((session) => {
    const rows = find.all(session) as Row[];
    const author: Record<string, string> = {};
    for (const name of ['agent', 'model', 'thread', 'title'] as const) {
      const value = rows.find((it) => it[name] !== null)?.[name];
      if (typeof value === 'string') author[name] = value;
    }
    return { session, ...author };
  });
}
