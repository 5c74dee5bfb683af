/** Asks the index for a session's rows as the live trace shows them, all or what changed after a point. */
import type { TraceRow, TraceSeq } from '../../contract/types.gen.ts';
import type { StepRow } from '../../trace/rows.ts';
import { showMarkRow, showStepRow, showTurnRow } from '../../trace/trace-row.ts';
import type { Database } from './driver.ts';
import { openDetails } from './open-details.ts';
import { type IsRunning, openSights } from './sights.ts';
import { columnsOf, decodeRow, listed } from './tables.ts';

export type RowsWish = {
  readonly session: string;
  readonly after?: TraceSeq | undefined;
  /** Only these steps and turns. */
  readonly ids?: readonly string[];
  /** Only what nobody has ended. */
  readonly isOpen?: boolean;
  readonly limit: number;
};

export type RowsFound = { readonly rows: TraceRow[]; readonly more: boolean };

const known = `WITH known(writer, seq) AS MATERIALIZED (SELECT key, value FROM json_each(@after))`;
/** Rows that were open when their writer went have no entry that says so: they come along always. */
const since = (table: string, lastSeq: string, isOpen: string) =>
  `(@after IS NULL OR ${isOpen} OR ${table}.${lastSeq} >
    coalesce((SELECT seq FROM known WHERE known.writer = ${table}.writer), 0))
    AND (NOT @open OR ${isOpen})`;
const among = (table: string) =>
  `(@ids IS NULL OR ${table}.id IN (SELECT value FROM json_each(@ids)))`;

/** Thousands of rows come out of the database quicker as one text than value by value. */
const inOnePiece = (columns: readonly string[]) =>
  `json_group_array(json_array(${columns.join(', ')}))`;

const stepColumns = columnsOf('steps')
  .filter(([name]) => name !== 'turnNo')
  .map(([name, kind]) => (kind.startsWith('json') ? `json("${name}")` : `"${name}"`));
const stepNames = columnsOf('steps')
  .map(([name]) => name)
  .filter((it) => it !== 'turnNo');

const ownTurns = `FROM turns WHERE session = @session AND ${listed}`;

const sql = {
  turns: `${known} SELECT * ${ownTurns} AND ${since('turns', '"lastSeq"', 'outcome IS NULL')}
    AND ${among('turns')}`,
  numbers: `SELECT no, id ${ownTurns}`,
  steps: `${known} SELECT ${inOnePiece(['"turnNo"', ...stepColumns])} FROM steps WHERE "turnNo" IN (SELECT no ${ownTurns}) AND kind IS NOT NULL
    AND ${since('steps', '"lastSeq"', 'outcome IS NULL')} AND ${among('steps')}`,
  marks: `${known} SELECT * FROM marks WHERE session = @session AND @ids IS NULL
    AND ${since('marks', 'seq', 'FALSE')}`,
} as const;

export function askTraceRows(database: Database, wish: RowsWish, isRunning: IsRunning): RowsFound {
  const { session, after, ids, isOpen = false, limit } = wish;
  const sights = openSights(database, isRunning);
  const values = {
    session,
    after: after === undefined ? null : JSON.stringify(after),
    open: Number(isOpen),
    ids: ids === undefined ? null : JSON.stringify(ids),
  };
  const all = (name: 'turns' | 'marks') => database.prepare(sql[name]).all(values);
  const turnIds = new Map(
    (database.prepare(sql.numbers).raw().all({ session }) as [number, string][]).map((it) => it),
  );
  const turns = all('turns').map((it) => {
    const row = decodeRow('turns', it);
    return { stamp: row.stamp ?? 0, row: showTurnRow(row, sights.isGone(row.writer)) };
  });
  const marks = all('marks').map((it) => {
    const row = decodeRow('marks', it);
    return { stamp: row.stamp, row: showMarkRow({ ...row, session }) };
  });
  const detailsOf = openDetails(database);
  const found = JSON.parse(
    database.prepare(sql.steps).pluck().get(values) as string,
  ) as unknown[][];
  const steps = found.map((it) => {
    const turnNo = (it[0] ?? 0) as number;
    const row = readStep(it);
    const gone = row.outcome === undefined && sights.isGone(row.writer);
    const { content, isCut, attachments, locations } = detailsOf(turnNo, row.id);
    const turn = turnIds.get(turnNo);
    const about = { session, turn, gone, content, isCut, attachments, locations };
    return { stamp: row.stamp ?? 0, row: showStepRow(row, about) };
  });
  const rows = [...turns, ...steps, ...marks].sort(
    (a, b) =>
      a.stamp - b.stamp || compareWords(a.row.writer, b.row.writer) || a.row.seq - b.row.seq,
  );
  return { rows: rows.slice(-limit).map((it) => it.row), more: limit < rows.length };
}

/** What comes first is the number of its turn. */
function readStep(values: readonly unknown[]): StepRow {
  const row: Record<string, unknown> = {};
  for (let at = 0; at < stepNames.length; at += 1) {
    const value = values[at + 1];
    if (value !== null) row[stepNames[at] as string] = value;
  }
  if (row['late'] !== undefined) row['late'] = row['late'] === 1;
  return row as unknown as StepRow;
}

/** How far the index goes for the writers that saw these sessions. */
export function askTraceSeq(database: Database, sessions: readonly string[]): TraceSeq {
  const found = database
    .prepare(
      `SELECT writer, seq FROM writers WHERE writer IN (SELECT writer FROM openings
        WHERE session IN (SELECT value FROM json_each(?)))`,
    )
    .raw()
    .all(JSON.stringify(sessions)) as [string, number][];
  return Object.fromEntries(found);
}

/** How far the index goes for each of these; one that it does not know is left out. */
export function askWriterSeqs(database: Database, writers: readonly string[]): TraceSeq {
  const found = database
    .prepare('SELECT writer, seq FROM writers WHERE writer IN (SELECT value FROM json_each(?))')
    .raw()
    .all(JSON.stringify(writers)) as [string, number][];
  return Object.fromEntries(found);
}

function compareWords(a: string, b: string): number {
  return a < b ? -1 : Number(b < a);
}
