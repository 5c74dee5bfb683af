/** What kind of value each column of each table holds: for the index's tables, and against misshapen events. */
import type { AllTables } from './rows.ts';

/** With `!`, a row without it is no row. */
export type Kind = Held | `${Held}!`;
type Held = 'text' | 'number' | 'flag' | 'json';

type Columns = {
  readonly [T in keyof AllTables]: { readonly [C in keyof Required<AllTables[T]>]: Kind };
};

export const columns = {
  writers: {
    writer: 'text!',
    stamp: 'number!',
    seq: 'number!',
    entries: 'number!',
    startedAt: 'number!',
    lastAt: 'number!',
    missing: 'number!',
    workspace: 'text',
    label: 'text',
    branch: 'text',
    head: 'text',
    agent: 'text',
    agentVersion: 'text',
    client: 'text',
    ended: 'text',
  },
  openings: {
    session: 'text!',
    writer: 'text!',
    stamp: 'number!',
    seq: 'number!',
    lastStamp: 'number!',
    lastSeq: 'number!',
    startedAt: 'number!',
    lastAt: 'number!',
    agentSession: 'text',
    how: 'text',
    cwd: 'text',
    parent: 'text',
    title: 'text',
    model: 'text',
    mode: 'text',
    closed: 'flag',
    cost: 'json',
    usage: 'json',
  },
  losses: { writer: 'text!', lost: 'text!', lastSeq: 'number!' },
  turns: {
    id: 'text!',
    writer: 'text!',
    session: 'text',
    stamp: 'number',
    seq: 'number',
    startedAt: 'number',
    origin: 'text',
    prompt: 'text',
    outcome: 'text',
    durationMs: 'number',
    endSeq: 'number',
    lastSeq: 'number',
    usage: 'json',
  },
  steps: {
    id: 'text!',
    writer: 'text!',
    turn: 'text',
    stamp: 'number',
    seq: 'number',
    startedAt: 'number',
    kind: 'text',
    title: 'text',
    toolKind: 'text',
    toolName: 'text',
    call: 'text',
    role: 'text',
    outcome: 'text',
    durationMs: 'number',
    late: 'flag',
    output: 'json',
    exitCode: 'number',
    problem: 'text',
    on: 'text',
    choice: 'text',
    parent: 'text',
    message: 'text',
    sources: 'json',
    lastSeq: 'number',
  },
  texts: {
    writer: 'text!',
    seq: 'number!',
    turn: 'text!',
    step: 'text',
    part: 'number!',
    text: 'text!',
    attachments: 'json',
  },
  claims: {
    writer: 'text!',
    seq: 'number!',
    n: 'number!',
    turn: 'text!',
    step: 'text',
    path: 'text!',
    changed: 'flag!',
    claim: 'json!',
  },
  plans: {
    writer: 'text!',
    session: 'text!',
    turn: 'text!',
    plan: 'text!',
    stamp: 'number!',
    seq: 'number!',
    entries: 'json!',
  },
  marks: {
    writer: 'text!',
    seq: 'number!',
    stamp: 'number!',
    startedAt: 'number!',
    kind: 'text!',
    outcome: 'text!',
    session: 'text',
    turn: 'text',
    title: 'text',
    problem: 'text',
    checkpoint: 'text',
    entries: 'json',
    plan: 'text',
    text: 'text',
  },
  problems: {
    writer: 'text!',
    seq: 'number!',
    stamp: 'number!',
    session: 'text',
    turn: 'text',
    text: 'text!',
    kind: 'text',
  },
} as const satisfies Columns;

const kinds = new Map(
  Object.entries(columns).map(([table, own]) => [
    table,
    new Map<string, Kind>(Object.entries(own)),
  ]),
);
const required = new Map(
  [...kinds].map(([table, own]) => [
    table,
    [...own].flatMap(([it, kind]) => (isRequired(kind) ? [it] : [])),
  ]),
);

/** The row without what is of the wrong kind. Throws where it is then no row. */
export function tidyRow<T extends keyof AllTables>(table: T, row: AllTables[T]): AllTables[T] {
  const own = kinds.get(table);
  const given = row as unknown as Readonly<Record<string, unknown>>;
  for (const name of required.get(table) ?? [])
    if (given[name] === undefined) throw new TypeError(`${name} is missing`);
  let tidy: Record<string, unknown> | undefined;
  for (const name of Object.keys(row)) {
    const kind = own?.get(name);
    if (kind !== undefined && isOfKind(given[name], kind)) continue;
    if (kind !== undefined && isRequired(kind))
      throw new TypeError(`${name} is no ${kind.slice(0, -1)}`);
    tidy ??= { ...given };
    delete tidy[name];
  }
  // Nearly always nothing is wrong.
  return tidy === undefined ? row : (tidy as unknown as AllTables[T]);
}

function isRequired(kind: Kind): boolean {
  return kind.endsWith('!');
}

function isOfKind(value: unknown, kind: Kind): boolean {
  switch (kind) {
    case 'text':
    case 'text!':
      return typeof value === 'string';
    case 'number':
    case 'number!':
      return typeof value === 'number' && Number.isFinite(value);
    case 'flag':
    case 'flag!':
      return typeof value === 'boolean';
    default:
      return typeof value === 'object' && value !== null;
  }
}
