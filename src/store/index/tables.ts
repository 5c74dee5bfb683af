/** The index's tables, made from the columns of the trace's rows. */
import { columns, type Kind } from '../../trace/columns.ts';
import type { AllTables } from '../../trace/rows.ts';

/** Raised when a table changes: an index of another version is built anew. */
export const tablesVersion = 3;
/** "clew" in ASCII, in the file's header. */
const applicationId = 0x636c6577;

/** A turn's number leaves room below it for the numbers of its texts. */
export const textsPerTurn = 2 ** 24;

type Table = keyof AllTables;

/** Rows of a turn keep its number, which is shorter than its id and needs no look-up. */
const ofTurn: ReadonlySet<Table> = new Set(['steps', 'texts', 'claims']);
/** What these are found by in other tables. */
const numbered: ReadonlySet<Table> = new Set(['turns', 'texts']);

type Column = readonly [name: string, kind: Kind];

const all = Object.fromEntries(
  (Object.keys(columns) as Table[]).map((table) => [table, sayColumns(table)]),
) as unknown as Readonly<Record<Table, readonly Column[]>>;

export function columnsOf(table: Table): readonly Column[] {
  return all[table];
}

function sayColumns(table: Table): Column[] {
  const own: Column[] = Object.entries(columns[table] as Record<string, Kind>);
  const said = ofTurn.has(table)
    ? own.map(([name, kind]): Column => (name === 'turn' ? ['turnNo', 'number'] : [name, kind]))
    : own;
  return numbered.has(table) ? [['no', 'number!'], ...said] : said;
}

const types = { text: 'TEXT', number: 'NUMERIC', flag: 'INTEGER', json: 'TEXT' } as const;

/** A key on one number is the row's own number; a key on names needs no row number beside it. */
function sayTable(table: Table, ...constraints: string[]): string {
  const said = columnsOf(table).map(([name, kind]) => {
    if (name === 'no') return 'no INTEGER PRIMARY KEY';
    const type = types[kind.replace('!', '') as keyof typeof types];
    return `"${name}" ${type}${kind.endsWith('!') ? ' NOT NULL' : ''}`;
  });
  const ends = constraints.some((it) => it.startsWith('PRIMARY')) ? ' WITHOUT ROWID' : '';
  return `CREATE TABLE ${table} (${[...said, ...constraints].join(', ')})${ends}`;
}

/** A turn whose beginning was never seen, and of which nothing is known, is in no list. */
export const listed = 'origin IS NOT NULL AND session IS NOT NULL AND startedAt IS NOT NULL';

/**
 * Of a claim, that it may be true: its step neither failed nor was refused, and was not just dropped
 * when nobody gave the permission that it had asked for.
 */
export const wasChanged = `changed AND NOT EXISTS (
  SELECT 1 FROM steps WHERE steps.id = claims.step AND steps.writer = claims.writer
    AND (steps.outcome IN ('failed', 'rejected') OR (steps.outcome IS NOT 'completed' AND EXISTS (
      SELECT 1 FROM steps AS asked WHERE asked."turnNo" = steps."turnNo" AND asked."on" = steps.id
        AND asked.kind = 'permission' AND asked.outcome IN ('rejected', 'cancelled', 'failed')))))`;

export const statements: readonly string[] = [
  `PRAGMA application_id = ${applicationId}`,
  `PRAGMA user_version = ${tablesVersion}`,
  sayTable('writers', 'PRIMARY KEY (writer)'),
  sayTable('openings', 'PRIMARY KEY (session, writer)'),
  'CREATE INDEX openings_order ON openings (stamp, writer)',
  'CREATE INDEX openings_last ON openings ("lastStamp", session)',
  'CREATE INDEX openings_parent ON openings (parent, session) WHERE parent IS NOT NULL',
  sayTable('losses', 'PRIMARY KEY (writer, lost)'),
  sayTable('turns', 'UNIQUE (id, writer)'),
  `CREATE INDEX turns_order ON turns (stamp, writer, seq, startedAt, session) WHERE ${listed}`,
  `CREATE INDEX turns_session ON turns (session, stamp, writer, seq) WHERE ${listed}`,
  sayTable('steps', 'UNIQUE (id, writer)'),
  'CREATE INDEX steps_turn ON steps (turnNo, seq)',
  sayTable('texts'),
  sayTable('claims', 'PRIMARY KEY (writer, seq, n)'),
  'CREATE INDEX claims_turn ON claims (turnNo, seq, n)',
  'CREATE INDEX claims_path ON claims (path, turnNo) WHERE changed',
  sayTable('plans', 'PRIMARY KEY (writer, session, turn, plan)'),
  'CREATE INDEX plans_session ON plans (session)',
  sayTable('marks', 'PRIMARY KEY (writer, seq)'),
  'CREATE INDEX marks_session ON marks (session)',
  sayTable('problems', 'PRIMARY KEY (writer, seq)'),
  'CREATE INDEX problems_session ON problems (session, turn)',
  // Only where words occur: the texts themselves are in their own table.
  `CREATE VIRTUAL TABLE words USING fts5 (text, content='', columnsize=0,
    tokenize="unicode61 remove_diacritics 2")`,
  `CREATE TABLE cursors (file TEXT PRIMARY KEY, writer TEXT NOT NULL, n INTEGER NOT NULL,
    "offset" INTEGER NOT NULL, seq INTEGER NOT NULL, sum TEXT NOT NULL) WITHOUT ROWID`,
];

export const tableNames: readonly string[] = [...Object.keys(columns), 'words', 'cursors'];

/** A row as its table keeps it, in the order of columnsOf. */
export function encodeRow(table: Table, row: Readonly<Record<string, unknown>>): unknown[] {
  const values: unknown[] = [];
  for (const [name, kind] of all[table]) values.push(encode(kind, row[name]));
  return values;
}

function encode(kind: Kind, value: unknown): unknown {
  if (value === undefined) return null;
  if (kind === 'json' || kind === 'json!') return JSON.stringify(value);
  return typeof value === 'boolean' ? Number(value) : value;
}

/** What stands in the table again as a row, without what is unknown. */
export function decodeRow<T extends Table>(table: T, raw: unknown): AllTables[T] {
  const found = raw as Record<string, unknown>;
  const row: Record<string, unknown> = {};
  for (const [name, kind] of columnsOf(table)) {
    const value = found[name];
    if (value !== null && value !== undefined) row[name] = decode(kind, value);
  }
  return row as unknown as AllTables[T];
}

function decode(kind: Kind, value: unknown): unknown {
  if (kind === 'json' || kind === 'json!') return JSON.parse(String(value));
  return kind === 'flag' || kind === 'flag!' ? value === 1 : value;
}
