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
    usage: 'json',
  },
  steps: {
    id: 'text!',
    writer: 'text!',
    turn: 'text',
    session: 'text',
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
  },
  texts: {
    writer: 'text!',
    seq: 'number!',
    turn: 'text!',
    step: 'text',
    part: 'number!',
    text: 'text!',
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
  problems: {
    writer: 'text!',
    seq: 'number!',
    stamp: 'number!',
    session: 'text',
    turn: 'text',
    text: 'text!',
  },
} as const satisfies Columns;

/** The row without what is of the wrong kind. Throws where it is then no row. */
export function tidyRow<T extends keyof AllTables>(table: T, row: AllTables[T]): AllTables[T] {
  const tidy: Record<string, unknown> = {};
  for (const [name, kind] of Object.entries(columns[table] as Record<string, Kind>)) {
    const value = (row as unknown as Record<string, unknown>)[name];
    if (isOfKind(value, kind)) tidy[name] = value;
    else if (kind.endsWith('!')) throw new TypeError(`${name} is no ${kind.slice(0, -1)}`);
  }
  return tidy as unknown as AllTables[T];
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
