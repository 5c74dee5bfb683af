/** Tool calls as steps: announced, known from an update or a question first, changed, ended once, late. */
import type { StepChanged } from '../contract/types.gen.ts';
import { setBounded } from './bounded.ts';
import { type Claimed, claimFiles, claimNothing } from './claims.ts';
import { pauseSaid } from './messages.ts';
import {
  appendStream,
  type Gathered,
  gatherNothing,
  gatherOutput,
  problemText,
  readOutput,
} from './output.ts';
import { countCall } from './replay.ts';
import { replayNow } from './replays.ts';
import { type Session, say } from './sessions.ts';
import { isObject, known, type Shape, shapeOf, textOf, wordOf } from './shape.ts';
import { beginStep, endStep, makeStep, type Outcome, type StepBase } from './steps.ts';
import type { Talk } from './talk.ts';
import { turnNow } from './turns.ts';

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
  /** How the last question about it was answered. */
  verdict: 'allowed' | 'rejected' | 'cancelled' | undefined;
  outcome: Outcome | undefined;
  claimed: Claimed;
  gathered: Gathered;
  /** Terminals that it shows. */
  terminals: string[];
};

/** How a tool call comes up: v1 `tool_call`, v1 update, v2 update (which may be the first), or in a question. */
export type Manner = 'announced' | 'update' | 'upsert' | 'asked';

/** What the wire says of a call, and by what. */
export type Told = { readonly update: Shape; readonly manner: Manner };

const callLimit = 2000;
const titleLength = 1000;

/** Takes whatever tells of a tool call; answers with its step, or undefined in a replay or without an id. */
export function hearCall(
  talk: Talk,
  session: Session,
  update: Shape,
  manner: Manner,
): ToolStep | undefined {
  const call = wordOf(update.toolCallId);
  if (call === undefined) return undefined;
  const replay = manner === 'asked' ? undefined : replayNow(talk, session);
  if (replay !== undefined) {
    countCall(replay, call);
    return undefined;
  }
  const earlier = session.calls.get(call);
  const step = earlier !== undefined && !isNewCall(earlier, update, manner) ? earlier : undefined;
  if (step === undefined) return beginCall(talk, session, update, manner);
  if (!step.turn.ended) step.turn.lastMono = talk.mono;
  changeCall(talk, session, step, { update, manner });
  return step;
}

/** Some agents use an id again: an ended call that is announced as just beginning is another one. */
function isNewCall(step: ToolStep, update: Shape, manner: Manner): boolean {
  if (!step.ended || (update.status !== 'pending' && update.status !== 'in_progress')) return false;
  if (manner === 'announced') return true;
  // An update may go on with a call that we gave up; not with one that the agent had said is over.
  return manner === 'upsert' && (step.outcome === 'completed' || step.outcome === 'failed');
}

function beginCall(talk: Talk, session: Session, update: Shape, manner: Manner): ToolStep {
  pauseSaid(talk, session);
  const step: ToolStep = {
    ...makeStep(talk, turnNow(talk, session)),
    kind: 'tool',
    call: update.toolCallId as string,
    title: undefined,
    toolKind: undefined,
    name: undefined,
    status: undefined,
    cwd: undefined,
    verdict: undefined,
    outcome: undefined,
    claimed: claimNothing(),
    gathered: gatherNothing(),
    terminals: [],
  };
  setBounded(session.calls, step.call, step, callLimit);
  takeAbout(step, update);
  const parent = session.calls.get(
    wordOf(shapeOf(shapeOf(update._meta).claudeCode).parentToolUseId) ?? '',
  );
  beginStep(talk, session, step, {
    kind: 'tool',
    ...known({ title: step.title, parent: parent?.id }),
    tool: {
      call: step.call,
      announced: manner === 'announced' || manner === 'upsert',
      ...known({ kind: step.toolKind, name: step.name }),
    },
  });
  takeDetails(talk, session, step, { update, manner });
  return step;
}

function changeCall(talk: Talk, session: Session, step: ToolStep, told: Told): void {
  const { update, manner } = told;
  const before = step.status;
  const changes = known(takeAbout(step, update));
  // Its end says that it has ended; the question about it says nothing of how far it is.
  if (
    step.status === before ||
    manner === 'asked' ||
    (!step.ended && outcomeOf(step) !== undefined)
  )
    delete changes.status;
  if (!step.ended) {
    sayChanges(talk, session, step, changes);
    takeDetails(talk, session, step, { update, manner });
    return;
  }
  claimFiles(talk, session, step, told);
  if (manner !== 'asked') gatherOutput(talk.gifts, step.gathered, update, true);
  if (changes.status === step.outcome) delete changes.status;
  const isOver =
    step.status === 'completed' || step.status === 'failed' || step.status === 'cancelled';
  if (step.gathered.fresh && changes.status !== undefined && isOver)
    tellLate(talk, session, step, changes);
  else {
    // A command in the background may go on for long; what it prints is told once in a while.
    if (step.gathered.fresh) session.late.add(step);
    sayChanges(talk, session, step, changes);
  }
}

/** What came after its end. */
function tellLate(
  talk: Talk,
  session: Session,
  step: ToolStep,
  changes: Omit<StepChanged, 'type' | 'step'>,
): void {
  session.late.delete(step);
  const output = readOutput(talk.gifts, step.gathered, step.toolKind);
  sayChanges(talk, session, step, {
    ...changes,
    ...known({ output, exitCode: step.gathered.exitCode }),
  });
  forget(step);
}

/** Tells all that came late and is not told yet. */
export function tellLateOutput(talk: Talk, session: Session): void {
  for (const step of session.late) tellLate(talk, session, step, {});
}

function sayChanges(
  talk: Talk,
  session: Session,
  step: ToolStep,
  changes: Omit<StepChanged, 'type' | 'step'>,
): void {
  if (Object.keys(changes).length === 0) return;
  const late = step.turn.ended ? { late: true } : {};
  say(talk, session, { type: 'step-changed', step: step.id, ...changes, ...late });
}

/** Takes the plain fields over; answers with those that are new. Null clears, and clearing is not worth telling. */
function takeAbout(step: ToolStep, update: Shape): Omit<StepChanged, 'type' | 'step'> {
  const meta = shapeOf(update._meta);
  const seen = {
    title: wordOf(update.title)?.slice(0, titleLength),
    toolKind: wordOf(update.kind),
    toolName:
      wordOf(update.name) ?? wordOf(shapeOf(meta.claudeCode).toolName) ?? wordOf(meta.toolName),
    status: wordOf(update.status),
  };
  const changes: Omit<StepChanged, 'type' | 'step'> = {};
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

function takeDetails(talk: Talk, session: Session, step: ToolStep, told: Told): void {
  const { update, manner } = told;
  step.cwd ??= wordOf(shapeOf(update.rawInput).cwd);
  takeTerminals(step, update.content);
  claimFiles(talk, session, step, told);
  if (manner === 'asked') return;
  const outcome = outcomeOf(step);
  gatherOutput(
    talk.gifts,
    step.gathered,
    update,
    outcome !== undefined || step.status === 'in_progress',
  );
  if (outcome !== undefined) endCall(talk, session, step, outcome);
}

function takeTerminals(step: ToolStep, content: unknown): void {
  if (!Array.isArray(content)) return;
  for (const it of content.map(shapeOf)) {
    const id = it.type === 'terminal' ? wordOf(it.terminalId) : undefined;
    if (id !== undefined && !step.terminals.includes(id) && step.terminals.length < 20)
      step.terminals.push(id);
  }
}

/** How it ended, if its status says that it has. A failure after a no, or after a stop, is that no or stop. */
function outcomeOf(step: ToolStep): Outcome | undefined {
  if (step.status === 'completed' || step.status === 'cancelled') return step.status;
  if (step.status !== 'failed') return undefined;
  if (step.verdict === 'rejected' || step.verdict === 'cancelled') return step.verdict;
  return step.turn.cancelled ? 'cancelled' : 'failed';
}

export function endCall(talk: Talk, session: Session, step: ToolStep, outcome: Outcome): void {
  if (step.ended) return;
  step.outcome = outcome;
  const shown = step.terminals
    .map((it) => session.terminals.get(it))
    .find((it) => it !== undefined);
  const gathered =
    shown !== undefined && step.gathered.stream.length === 0 ? shown.gathered : step.gathered;
  const output = readOutput(talk.gifts, gathered, step.toolKind);
  const problem = outcome === 'completed' ? undefined : problemText(step.gathered);
  endStep(talk, session, step, {
    outcome,
    ...known({ output, exitCode: step.gathered.exitCode ?? gathered.exitCode, problem }),
  });
  forget(step);
}

/** Nobody said how it ended. */
export function closeCall(talk: Talk, session: Session, step: ToolStep): void {
  if (step.verdict === 'rejected' || step.verdict === 'cancelled')
    endCall(talk, session, step, step.verdict);
  else endCall(talk, session, step, step.turn.cancelled ? 'cancelled' : 'interrupted');
}

/** An ended call keeps its names only; its texts go. */
function forget(step: ToolStep): void {
  step.gathered = { ...gatherNothing(), exitCode: step.gathered.exitCode };
}

/** v2 `tool_call_content_chunk`: one more piece of content. */
export function hearContentChunk(talk: Talk, session: Session, update: Shape): boolean {
  const step = session.calls.get(wordOf(update.toolCallId) ?? '');
  if (step === undefined || !isObject(update.content) || replayNow(talk, session) !== undefined)
    return hearCall(talk, session, { toolCallId: update.toolCallId }, 'upsert') !== undefined;
  const text = textOf(shapeOf(update.content.content).text);
  if (text !== undefined) appendStream(talk.gifts, step.gathered, text);
  takeTerminals(step, [update.content]);
  claimFiles(talk, session, step, { update: { content: [update.content] }, manner: 'upsert' });
  if (step.ended && step.gathered.fresh) session.late.add(step);
  return true;
}
