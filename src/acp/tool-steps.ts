/** A tool call as a step: what is known of it, and how it ends. */
import type { PlanEntry, StepChanged } from '../contract/types.gen.ts';
import { type Claimed, claimReads } from './claims.ts';
import { forgetOutput, type Gathered, problemText, readOutput } from './output.ts';
import { type Session, say } from './sessions.ts';
import { type Shape, shapeOf, textOf, wordOf } from './shape.ts';
import { endStep, type Outcome, type StepBase } from './steps.ts';
import type { Talk } from './talk.ts';

export type ToolStep = StepBase & {
  readonly kind: 'tool';
  /** The agent's id. */
  readonly call: string;
  title: string | undefined;
  toolKind: string | undefined;
  name: string | undefined;
  status: string | undefined;
  /** Where a command runs. */
  cwd: string | undefined;
  /** What it runs, as far as the wire tells: a line for a shell, or words. */
  command: string | readonly string[] | undefined;
  /** How the last question about it was answered. */
  verdict: 'allowed' | 'rejected' | 'cancelled' | undefined;
  outcome: Outcome | undefined;
  /** The outcome, or the status that was told after it. */
  shown: string | undefined;
  readonly claimed: Claimed;
  readonly gathered: Gathered;
  /** Terminals that it shows. */
  terminals: string[];
  /** A list of things to do that it sets; it counts when the call has succeeded. */
  todos: readonly PlanEntry[] | undefined;
};

/** How a tool call comes up: v1 `tool_call`, v1 update, v2 update (which may be the first), or in a question. */
export type Manner = 'announced' | 'update' | 'upsert' | 'asked';

/** What the wire says of a call, and by what. */
export type Told = { readonly update: Shape; readonly manner: Manner };

/** What may become known of a call after it has begun. */
export type Changes = Omit<StepChanged, 'type' | 'step' | 'late'>;

const titleLength = 1000;

/** Takes the plain fields over; answers with those that are new. Null clears, and clearing is not worth telling. */
export function takeAbout(step: ToolStep, { update, manner }: Told): Changes {
  const meta = shapeOf(update._meta);
  const seen = {
    title: wordOf(update.title)?.slice(0, titleLength),
    toolKind: wordOf(update.kind),
    toolName:
      wordOf(update.name) ?? wordOf(shapeOf(meta.claudeCode).toolName) ?? wordOf(meta.toolName),
    // A question says `pending` of a call that may long be running.
    status: manner === 'asked' ? undefined : wordOf(update.status),
  };
  const changes: Changes = {};
  if (seen.title !== undefined && seen.title !== step.title)
    changes.title = step.title = seen.title;
  if (seen.toolKind !== undefined && seen.toolKind !== step.toolKind)
    changes.toolKind = step.toolKind = seen.toolKind;
  if (seen.toolName !== undefined && seen.toolName !== step.name)
    changes.toolName = step.name = seen.toolName;
  if (seen.status !== undefined && seen.status !== step.status)
    changes.status = step.status = seen.status;
  return changes;
}

const commandLength = 20_000;

/** The last one that was told is the whole of it: some agents tell it while it is being written. */
export function takeCommand(step: ToolStep, { update }: Told): void {
  const { command } = shapeOf(update.rawInput);
  const told = textOf(command) ?? wordsOf(command);
  if (told === undefined || told.length === 0) return;
  step.command = typeof told === 'string' ? told.slice(0, commandLength) : told;
}

function wordsOf(value: unknown): string[] | undefined {
  if (!Array.isArray(value) || value.length > 1000) return undefined;
  return value.every((it) => typeof it === 'string') ? value : undefined;
}

export function sayChanges(talk: Talk, session: Session, step: ToolStep, changes: Changes): void {
  if (Object.keys(changes).length === 0) return;
  const late = step.turn.ended ? { late: true } : {};
  say(talk, session, { type: 'step-changed', step: step.id, ...changes, ...late });
}

export function takeTerminals(step: ToolStep, content: unknown): void {
  if (!Array.isArray(content)) return;
  for (const it of content.map(shapeOf)) {
    const id = it.type === 'terminal' ? wordOf(it.terminalId) : undefined;
    if (id !== undefined && !step.terminals.includes(id) && step.terminals.length < 20)
      step.terminals.push(id);
  }
}

/** How it ended, if its status says that it has. A failure after a no, or after a stop, is that no or stop. */
export function outcomeOf(step: ToolStep): Outcome | undefined {
  if (step.status === 'completed' || step.status === 'cancelled') return step.status;
  if (step.status !== 'failed') return undefined;
  if (step.verdict === 'rejected' || step.verdict === 'cancelled') return step.verdict;
  return step.turn.cancelled ? 'cancelled' : 'failed';
}

export function endCall(talk: Talk, session: Session, step: ToolStep, outcome: Outcome): void {
  if (step.ended) return;
  if (outcome !== 'rejected') claimReads(talk, session, step);
  step.outcome = outcome;
  step.shown = outcome;
  const shown = step.terminals
    .map((it) => session.terminals.get(it))
    .find((it) => it !== undefined);
  const gathered =
    shown !== undefined && step.gathered.stream.length === 0 ? shown.gathered : step.gathered;
  const output = readOutput(talk.gifts, gathered, step.toolKind);
  const about: Parameters<typeof endStep>[3] = { outcome };
  if (output !== undefined) about.output = output;
  const exitCode = step.gathered.exitCode ?? gathered.exitCode;
  if (exitCode !== undefined) about.exitCode = exitCode;
  const problem = step.status === 'failed' ? problemText(step.gathered) : undefined;
  if (problem !== undefined) about.problem = problem;
  endStep(talk, session, step, about);
  forget(step);
}

/** Nobody said how it ended. */
export function closeCall(talk: Talk, session: Session, step: ToolStep): void {
  if (step.verdict === 'rejected' || step.verdict === 'cancelled')
    endCall(talk, session, step, step.verdict);
  else endCall(talk, session, step, step.turn.cancelled ? 'cancelled' : 'interrupted');
}

/** An ended call keeps its names only; its texts go. */
export function forget(step: ToolStep): void {
  step.command = undefined;
  forgetOutput(step.gathered);
}
