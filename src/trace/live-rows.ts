/** Rows of the live trace kept up to date entry by entry, for those that began while somebody looked. */
import type { Attachment, TraceLocation, TraceRow } from '../contract/types.gen.ts';
import type { Entry } from '../journal/entry.ts';
import type { Change, ClaimRow, StepRow, TextRow, TurnRow } from './rows.ts';
import {
  contentLimit,
  partLimit,
  showLocation,
  showMarkRow,
  showStepRow,
  showTurnRow,
} from './trace-row.ts';

export type Taken = {
  /** Whole, as they are after the entry. */
  readonly rows: readonly TraceRow[];
  /** Of what began before: who wants it whole asks the index. */
  readonly unknown: readonly string[];
};

export type LiveRows = {
  take(entry: Entry, changes: readonly Change[]): Taken;
  /** A writer is gone: the rows that it left open, as they are now. */
  lose(writer: string): readonly TraceRow[];
  /** Whether it began here and has not ended. */
  isOpen(writer: string, id: string): boolean;
};

type Step = {
  kind: 'step';
  session: string;
  row: StepRow;
  content: string | undefined;
  isCut: boolean;
  attachments: Attachment[];
  locations: TraceLocation[];
};
type Turn = { kind: 'turn'; session: string; row: TurnRow };
type Held = Step | Turn;
type Put = { readonly how: Change['how']; readonly row: StepRow | TurnRow };

/** Of a longer session the oldest are let go; the index has them. */
const heldLimit = 20_000;

export function openLiveRows(isGone: (writer: string) => boolean): LiveRows {
  const held = new Map<string, Held>();
  const open = new Map<string, Set<string>>();

  function hold(key: string, fresh: Held): void {
    held.set(key, fresh);
    const [oldest] = held.keys();
    if (heldLimit < held.size && oldest !== undefined) held.delete(oldest);
  }

  function countOpen(key: string, { row }: Held): void {
    const own = open.get(row.writer) ?? new Set();
    open.set(row.writer, own);
    if (row.outcome === undefined) own.add(key);
    else own.delete(key);
  }

  function show(it: Held): TraceRow {
    const gone = it.row.outcome === undefined && isGone(it.row.writer);
    if (it.kind === 'turn') return showTurnRow(it.row, gone);
    const { session, row, content, isCut, attachments, locations } = it;
    const about = { session, turn: row.turn, gone, content, isCut, attachments, locations };
    return showStepRow(row, about);
  }

  /** The row's key if it is held; undefined when it began before. */
  function put(session: string, kind: Held['kind'], { how, row }: Put): string | undefined {
    const key = nameRow(kind, row.writer, row.id);
    const known = held.get(key);
    const isBegun = how === 'put' && ('kind' in row || 'origin' in row);
    if (known === undefined && !isBegun) return undefined;
    if (known === undefined) hold(key, begin(kind, session, row));
    // What fills gaps tells nothing new of what began here.
    else if (how === 'put') known.row = { ...known.row, ...row };
    return key;
  }

  /** Rows that do not change any more, as they are. */
  function addDetail(session: string, { table, row }: Change): TraceRow[] {
    if (table === 'marks') return [showMarkRow({ ...row, session })];
    if (table === 'texts') addText(stepOf(held, row), row);
    else if (table === 'claims' && row.n % 2 === 0) addClaim(stepOf(held, row), row);
    return [];
  }

  function takeAll(session: string, changes: readonly Change[]): Taken {
    const touched = new Set<string>();
    const unknown = new Set<string>();
    const rows: TraceRow[] = [];
    for (const change of changes) {
      const { table, row } = change;
      if (table !== 'turns' && table !== 'steps') rows.push(...addDetail(session, change));
      else {
        const key = put(session, table === 'turns' ? 'turn' : 'step', change);
        if (key === undefined) unknown.add(row.id);
        else touched.add(key);
      }
    }
    return { rows: [...rows, ...[...touched].flatMap(showTouched)], unknown: [...unknown] };
  }

  function showTouched(key: string): TraceRow[] {
    const it = held.get(key);
    if (it === undefined) return [];
    countOpen(key, it);
    return [show(it)];
  }

  return {
    take: ({ session }, changes) =>
      session === undefined ? { rows: [], unknown: [] } : takeAll(session, changes),
    lose(writer) {
      const keys = [...(open.get(writer) ?? [])];
      return keys.flatMap((key) => {
        const it = held.get(key);
        return it === undefined ? [] : [show(it)];
      });
    },
    isOpen(writer, id) {
      return open.get(writer)?.has(nameRow('step', writer, id)) === true;
    },
  };
}

function begin(kind: Held['kind'], session: string, row: StepRow | TurnRow): Held {
  if (kind === 'turn') return { kind, session, row: row as TurnRow };
  const nothing = { content: undefined, isCut: false, attachments: [], locations: [] };
  return { kind, session, row, ...nothing };
}

function stepOf(
  held: ReadonlyMap<string, Held>,
  { writer, step }: { writer: string; step?: string },
): Step | undefined {
  const it = step === undefined ? undefined : held.get(nameRow('step', writer, step));
  return it?.kind === 'step' ? it : undefined;
}

function addText(step: Step | undefined, { part, text, attachments }: TextRow): void {
  if (step === undefined) return;
  step.attachments.push(...(attachments ?? []));
  const whole = (step.content ?? '') + text;
  step.isCut ||= contentLimit < whole.length || partLimit <= part;
  if (part < partLimit) step.content = whole.slice(0, contentLimit);
}

function addClaim(step: Step | undefined, row: ClaimRow): void {
  step?.locations.push(showLocation(row));
}

function nameRow(kind: Held['kind'], writer: string, id: string): string {
  return `${kind}\n${writer}\n${id}`;
}
