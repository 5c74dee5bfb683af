/** Puts rows together into what a person or a program is shown of a session, a turn, a step. */
import type { Claim, SessionCard, StepCard, TurnCard } from '../contract/types.gen.ts';
import { addUsage } from './fold-session.ts';
import { defined } from './fold-writer.ts';
import type { LossRow, OpeningRow, StepRow, TurnRow, WriterRow } from './rows.ts';

/** A session as one writer saw it, and whether that writer is still there. */
export type Sight = {
  readonly opening: OpeningRow;
  readonly writer: WriterRow;
  readonly gone: boolean;
};

/**
 * A writer is gone if it said so, or if another says so and was not proved wrong by a later entry,
 * or if nobody by that name is running on this machine.
 */
export function isGone(
  writer: WriterRow,
  losses: readonly LossRow[],
  isRunning: (writer: string) => boolean,
): boolean {
  if (writer.ended !== undefined) return true;
  if (losses.some((it) => it.lost === writer.writer && writer.seq <= it.lastSeq)) return true;
  return !isRunning(writer.writer);
}

type AboutSession = {
  readonly turns: readonly TurnCard[];
  readonly turnCount: number;
  /** The state of its newest turn, if it has any. */
  readonly newest: TurnCard['state'] | undefined;
};

export function showSession(sights: readonly Sight[], about: AboutSession): SessionCard {
  const seen = [...sights].sort((a, b) => compareFirst(a.opening, b.opening));
  const late = [...sights].sort((a, b) => compareLast(a.opening, b.opening));
  const first = seen[0];
  const last = late.at(-1);
  if (first === undefined || last === undefined) throw new Error('a session nobody saw');
  const { agent, agentVersion, client, label, branch } = last.writer;
  const latest = <K extends keyof OpeningRow>(name: K) =>
    late.findLast((it) => it.opening[name] !== undefined)?.opening[name];
  const used = sights.map((it) => it.opening.usage).filter((it) => it !== undefined);
  return {
    id: first.opening.session,
    agentSession: latest('agentSession') ?? first.opening.session,
    how: first.opening.how ?? 'seen',
    ...defined({ agent, agentVersion, client, label, branch }),
    ...defined({ cwd: latest('cwd'), title: latest('title'), model: latest('model') }),
    ...defined({ mode: latest('mode'), parent: latest('parent') }),
    startedAt: first.opening.startedAt,
    lastAt: last.opening.lastAt,
    state: stateOf(last, about.newest),
    ...defined({ cost: latest('cost') }),
    ...(used.length === 0 ? {} : { usage: used.reduce(addUsage) }),
    turnCount: about.turnCount,
    turns: [...about.turns],
  };
}

function stateOf(last: Sight, newest: TurnCard['state'] | undefined): SessionCard['state'] {
  if (last.opening.closed !== true && !last.gone) return 'running';
  return newest === 'interrupted' ? 'interrupted' : 'ended';
}

type AboutTurn = {
  readonly n: number;
  readonly gone: boolean;
  readonly branch: string | undefined;
  readonly steps: number;
  readonly tools: number;
  readonly failed: number;
  readonly files: readonly string[];
  readonly overwritten: number;
  readonly stale: number;
};

export function showTurn(row: TurnRow, about: AboutTurn): TurnCard {
  const { prompt, durationMs, outcome, usage } = row;
  const { n, gone, branch, steps, tools, failed, files, overwritten, stale } = about;
  return {
    id: row.id,
    session: row.session ?? '',
    n,
    origin: row.origin ?? 'agent',
    ...defined({ prompt }),
    startedAt: row.startedAt ?? 0,
    ...defined({ durationMs }),
    state: stateOfTurn(row, gone),
    ...defined({ outcome }),
    ...{ steps, tools, failed, files: [...files] },
    ...(overwritten > 0 ? { overwritten } : {}),
    ...(stale > 0 ? { stale } : {}),
    ...defined({ usage, branch }),
  };
}

export function stateOfTurn({ outcome }: TurnRow, gone: boolean): TurnCard['state'] {
  if (outcome === undefined) return gone ? 'interrupted' : 'running';
  return outcome === 'interrupted' ? 'interrupted' : 'ended';
}

type AboutStep = {
  readonly session: string;
  readonly gone: boolean;
  readonly text: string | undefined;
  /** There is more text than that. */
  readonly isCut: boolean;
  readonly claims: readonly Claim[];
};

export function showStep(row: StepRow, about: AboutStep): StepCard {
  const { session, gone, text, claims } = about;
  const cut = about.isCut || undefined;
  const { title, toolKind, toolName, call, role, durationMs, late, output } = row;
  return {
    id: row.id,
    turn: row.turn ?? '',
    session,
    kind: row.kind ?? 'unknown',
    ...defined({ title, toolKind, toolName, call, role }),
    state: row.outcome ?? (gone ? 'interrupted' : 'running'),
    startedAt: row.startedAt ?? 0,
    ...defined({ durationMs, late, text, cut, output }),
    ...defined({ exitCode: row.exitCode, problem: row.problem }),
    claims: [...claims],
    ...defined({ on: row.on, choice: row.choice }),
  };
}

function compareFirst(a: OpeningRow, b: OpeningRow): number {
  return a.stamp - b.stamp || compareWords(a.writer, b.writer);
}

function compareLast(a: OpeningRow, b: OpeningRow): number {
  return a.lastStamp - b.lastStamp || compareWords(a.writer, b.writer);
}

function compareWords(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
