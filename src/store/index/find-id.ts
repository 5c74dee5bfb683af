/** Finds what a person means by an id: the whole of it, its end, or a word for the newest. */
import { Failure } from '../../errors.ts';
import type { Database } from './driver.ts';
import { listed } from './tables.ts';

export type Named = {
  readonly kind: 'session' | 'turn' | 'step';
  readonly id: string;
  readonly session: string;
  /** Of the turn, or of the step's turn. */
  readonly turnNo?: number;
};

/** Fewer letters would be anybody's. */
const fewestLetters = 4;
const candidateLimit = 10;

const sessions = 'SELECT DISTINCT session AS id, session, NULL AS no FROM openings WHERE';
const turns = `SELECT id, session, no FROM turns WHERE ${listed} AND`;
const steps = `SELECT steps.id AS id, turns.session AS session, turns.no AS no
  FROM steps JOIN turns ON turns.no = steps."turnNo"
  WHERE ${listed.replaceAll(/\b(\w+) IS/g, 'turns.$1 IS')} AND steps.kind IS NOT NULL AND`;

const places = [
  { kind: 'session', from: sessions, column: 'session' },
  { kind: 'turn', from: turns, column: 'id' },
  { kind: 'step', from: steps, column: 'steps.id' },
] as const;

export function findId(database: Database, asked: string): Named {
  if (asked.startsWith('@')) return findRelative(database, asked, relative);
  return only(asked, findNamed(database, asked, places));
}

export function findSession(database: Database, asked: string): string {
  if (asked.startsWith('@')) return findRelative(database, asked, relativeSession).session;
  return only(asked, findNamed(database, asked, places.slice(0, 1))).session;
}

/** The same words as for checkpoints; `@last` alone is whatever the command is about. */
const relative = /^@(?:last-)?(last|session|turn|step)(?:~(\d{1,6}))?$/;
const relativeSession = /^@(?:last-)?(last|session)(?:~(\d{1,6}))?$/;

const newest = {
  session: `SELECT session AS id, session, NULL AS no FROM openings
    GROUP BY session ORDER BY MAX("lastStamp") DESC, MAX(writer) DESC`,
  turn: `${turns} TRUE ORDER BY stamp DESC, writer DESC, seq DESC`,
  step: `${steps} TRUE ORDER BY steps.stamp DESC, steps.writer DESC, steps.seq DESC`,
} as const;

function findRelative(database: Database, asked: string, known: RegExp): Named {
  const [, what, back = '0'] = known.exec(asked) ?? [];
  if (what === undefined)
    throw new Failure('unknown-id', `${asked} means nothing here`, {
      data: { id: asked, candidates: [] },
      hint:
        known === relative
          ? 'give an id that `clew log` shows, or @session, @turn or @step, with ~1 for the one before'
          : 'give the id of a session that `clew log` shows, or @session, with ~1 for the one before',
    });
  const kind = what === 'last' ? 'session' : (what as Named['kind']);
  const found = database.prepare(`${newest[kind]} LIMIT 1 OFFSET ?`).get(Number(back)) as
    | Found
    | undefined;
  if (found === undefined)
    throw new Failure(
      'unknown-id',
      back === '0' ? `there is no ${kind} yet` : `there is no ${asked}`,
      {
        data: { id: asked },
        hint:
          back === '0'
            ? 'start an agent through `clew acp -- <agent>`'
            : '`clew log` lists those there are',
      },
    );
  const { id, session, no } = found;
  return { kind, id, session, ...(no === null ? {} : { turnNo: no }) };
}

type Found = { id: string; session: string; no: number | null };

/** What is named in full comes before what only ends so; the agent's own id for a session counts. */
function findNamed(
  database: Database,
  asked: string,
  where: readonly (typeof places)[number][],
): Named[] {
  const looks = [
    { test: (column: string) => `${column} = ?`, value: asked },
    { test: (column: string) => `${column} = ?`, value: asked.toUpperCase() },
    { test: () => '"agentSession" = ?', value: asked, kind: 'session' },
    { test: (column: string) => `${column} LIKE ? ESCAPE '!'`, value: `%${escapeLike(asked)}` },
  ];
  for (const { test, value, kind } of looks) {
    if (value.startsWith('%') && asked.length < fewestLetters) continue;
    const found = where
      .filter((it) => kind === undefined || it.kind === kind)
      .flatMap((it) => {
        const sql = `${it.from} ${test(it.column)} LIMIT ${candidateLimit + 1}`;
        const rows = database.prepare(sql).all(value) as Found[];
        return rows.map(({ id, session, no }) => ({
          ...{ kind: it.kind, id, session },
          ...(no === null ? {} : { turnNo: no }),
        }));
      });
    if (0 < found.length) return found;
  }
  return [];
}

function only(asked: string, found: readonly Named[]): Named {
  const [first, second] = found;
  if (first !== undefined && second === undefined) return first;
  if (first !== undefined)
    throw new Failure('ambiguous-id', `${asked} is the end of ${found.length} ids or more`, {
      data: {
        id: asked,
        candidates: found.slice(0, candidateLimit).map(({ kind, id }) => ({ kind, id })),
      },
      hint: 'give more of its letters, from the end',
    });
  const short = asked.length < fewestLetters;
  throw new Failure('unknown-id', `there is no session, turn or step ${asked}`, {
    data: { id: asked, candidates: [] },
    hint: short
      ? `give at least the last ${fewestLetters} letters of an id that \`clew log\` shows`
      : 'give an id that `clew log` shows, or the end of one, or @session, @turn or @step',
  });
}

function escapeLike(text: string): string {
  return text.replace(/[!%_]/g, '!$&');
}
