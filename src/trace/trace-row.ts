/** A turn, a step or a mark as a row of the live trace: the same from the index and from entries as they come. */
import type { Attachment, TraceLocation, TraceRow } from '../contract/types.gen.ts';
import { defined } from './fold-writer.ts';
import type { ClaimRow, MarkRow, StepRow, TurnRow } from './rows.ts';

type Status = TraceRow['status'];

/** So much of what was said or printed goes along; the whole is asked for by itself. */
export const contentLimit = 1000;
/** And no part of it beyond these is looked at, for it may have come in very small ones. */
export const partLimit = 64;
const locationLimit = 50;

export type AboutStep = {
  readonly session: string;
  readonly turn: string | undefined;
  /** Its writer is gone. */
  readonly gone: boolean;
  readonly content: string | undefined;
  /** There is more than that. */
  readonly isCut: boolean;
  readonly attachments: readonly Attachment[];
  readonly locations: readonly TraceLocation[];
};

/** Written out field by field: a session has thousands, and copying objects into others costs ten times as much. */
export function showStepRow(row: StepRow, about: AboutStep): TraceRow {
  const { id, writer, seq = 0, kind, startedAt = 0, durationMs, outcome } = row;
  const { session, gone } = about;
  const shown: TraceRow = {
    id,
    revision: reviseRow(row, gone),
    writer,
    seq,
    session,
    kind: (kind ?? 'tool') as TraceRow['kind'],
    status: judgeStep(outcome, kind, gone),
    startedAt,
  };
  if (about.turn !== undefined) shown.turn = about.turn;
  if (outcome !== undefined) shown.outcome = outcome;
  if (durationMs !== undefined) {
    shown.durationMs = durationMs;
    shown.endedAt = startedAt + durationMs;
  }
  addWords(shown, row);
  addContent(shown, row, about);
  return shown;
}

/** What is shown as it is kept. */
function addWords(shown: TraceRow, row: StepRow): void {
  if (row.parent !== undefined) shown.parent = row.parent;
  if (row.title !== undefined) shown.title = row.title;
  if (row.toolKind !== undefined) shown.toolKind = row.toolKind;
  if (row.toolName !== undefined) shown.toolName = row.toolName;
  if (row.call !== undefined) shown.call = row.call;
  if (row.role !== undefined) shown.role = row.role as NonNullable<TraceRow['role']>;
  if (row.message !== undefined) shown.message = row.message;
  if (row.on !== undefined) shown.on = row.on;
  if (row.choice !== undefined) shown.choice = row.choice;
  if (row.exitCode !== undefined) shown.exitCode = row.exitCode;
  if (row.problem !== undefined) shown.problem = row.problem;
  if (row.late !== undefined) shown.late = row.late;
}

function addContent(shown: TraceRow, { output, sources = none }: StepRow, about: AboutStep): void {
  const { content, attachments, locations } = about;
  const printed = content ?? output?.text?.slice(0, contentLimit);
  if (printed !== undefined) shown.content = printed;
  const isCut = content === undefined ? isLonger(output?.text, output?.cut) : about.isCut;
  if (isCut) shown.cut = true;
  if (0 < sources.length + attachments.length) shown.sources = [...sources, ...attachments];
  if (0 < locations.length) shown.locations = locations.slice(0, locationLimit);
}

const none: readonly Attachment[] = [];

export function showTurnRow(row: TurnRow, gone: boolean): TraceRow {
  const { id, writer, seq = 0, session = '', startedAt = 0, durationMs, outcome } = row;
  return {
    id,
    revision: reviseRow(row, gone),
    writer,
    seq,
    session,
    turn: id,
    kind: 'turn',
    status: judgeTurn(outcome, gone),
    startedAt,
    ...defined({ outcome, durationMs, endedAt: endOf(startedAt, durationMs), title: row.prompt }),
  };
}

export function showMarkRow(row: MarkRow & { session: string }): TraceRow {
  const { writer, seq, session, startedAt, kind, outcome } = row;
  const { turn, title, problem, checkpoint, entries } = row;
  return {
    id: `${writer}.${seq}`,
    revision: 2 * seq,
    writer,
    seq,
    session,
    kind,
    status: outcome,
    startedAt,
    endedAt: startedAt,
    durationMs: 0,
    ...defined({ turn, title, problem, checkpoint }),
    ...(entries === undefined ? {} : { entries: [...entries] }),
  };
}

export function showLocation({ path, claim }: Pick<ClaimRow, 'path' | 'claim'>): TraceLocation {
  const shown: TraceLocation = { path, operation: claim.operation };
  if (claim.source === 'command') shown.guess = true;
  if (claim.line !== undefined) shown.line = claim.line;
  if (claim.added !== undefined) shown.added = claim.added;
  if (claim.removed !== undefined) shown.removed = claim.removed;
  return shown;
}

/** Twice the entry's number, so that there is room for what no entry of that writer says: that it is gone. */
function reviseRow(
  { lastSeq = 0, outcome }: Pick<StepRow, 'lastSeq' | 'outcome'>,
  gone: boolean,
): number {
  return 2 * lastSeq + Number(gone && outcome === undefined);
}

function judgeStep(outcome: string | undefined, kind: string | undefined, gone: boolean): Status {
  switch (outcome) {
    case undefined:
      return gone ? 'interrupted' : 'running';
    case 'completed':
    case 'allowed':
      return 'completed';
    case 'rejected':
      // A question that was answered with no was answered.
      return kind === 'permission' || kind === 'question' ? 'completed' : 'failed';
    case 'failed':
      return 'failed';
    default:
      return 'interrupted';
  }
}

export function judgeTurn(outcome: string | undefined, gone: boolean): Status {
  switch (outcome) {
    case undefined:
      return gone ? 'interrupted' : 'running';
    case 'error':
    case 'refusal':
      return 'failed';
    case 'cancelled':
    case 'interrupted':
      return 'interrupted';
    default:
      return 'completed';
  }
}

function endOf(startedAt: number, durationMs: number | undefined): number | undefined {
  return durationMs === undefined ? undefined : startedAt + durationMs;
}

function isLonger(text: string | undefined, isCut: boolean | undefined): boolean {
  return isCut === true || (text !== undefined && contentLimit < text.length);
}
