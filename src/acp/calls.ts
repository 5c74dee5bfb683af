/** Whatever the wire tells of a tool call: it begins a step, changes one, or ends it. */
import type { StepStarted } from '../contract/types.gen.ts';
import { setBounded } from './bounded.ts';
import { claimFiles } from './claims.ts';
import { changeEndedCall } from './late-calls.ts';
import { pauseSaid } from './messages.ts';
import { appendStream, gatherNothing, gatherOutput } from './output.ts';
import { readTodos, sayTodos } from './plans.ts';
import { countCall } from './replay.ts';
import { replayNow } from './replays.ts';
import type { Session } from './sessions.ts';
import { isObject, type Shape, shapeOf, textOf, wordOf } from './shape.ts';
import { beginStep } from './steps.ts';
import type { Talk } from './talk.ts';
import {
  endCall,
  type Manner,
  outcomeOf,
  sayChanges,
  type Told,
  type ToolStep,
  takeAbout,
  takeCommand,
  takeTerminals,
} from './tool-steps.ts';
import { turnNow } from './turns.ts';

const callLimit = 2000;

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
  // An update may go on with a call that we gave up; one that looks like an announcement does not.
  const isTold = step.outcome === 'completed' || step.outcome === 'failed';
  return manner === 'upsert' && isTold && step.turn.ended && typeof update.title === 'string';
}

function beginCall(talk: Talk, session: Session, update: Shape, manner: Manner): ToolStep {
  pauseSaid(talk, session);
  const turn = turnNow(talk, session);
  const step: ToolStep = {
    id: talk.gifts.mint(),
    turn,
    startMono: talk.mono,
    ended: false,
    kind: 'tool',
    call: update.toolCallId as string,
    title: undefined,
    toolKind: undefined,
    name: undefined,
    status: undefined,
    cwd: undefined,
    command: undefined,
    verdict: undefined,
    outcome: undefined,
    shown: undefined,
    claimed: { told: undefined, asked: undefined },
    gathered: gatherNothing(),
    terminals: [],
    todos: undefined,
  };
  setBounded(session.calls, step.call, step, callLimit);
  takeAbout(step, { update, manner });
  beginStep(talk, session, step, aboutCall(session, step, { update, manner }));
  takeDetails(talk, session, step, { update, manner });
  return step;
}

/** Written out field by field, as the step is: copying objects into others costs ten times as much. */
function aboutCall(session: Session, step: ToolStep, { update, manner }: Told): About {
  const announced = manner === 'announced' || manner === 'upsert';
  const about: About = { kind: 'tool', tool: { call: step.call, announced } };
  if (step.title !== undefined) about.title = step.title;
  if (step.toolKind !== undefined) about.tool.kind = step.toolKind;
  if (step.name !== undefined) about.tool.name = step.name;
  const above = wordOf(shapeOf(shapeOf(update._meta).claudeCode).parentToolUseId);
  const parent = above === undefined ? undefined : session.calls.get(above);
  if (parent !== undefined) about.parent = parent.id;
  return about;
}

type About = Parameters<typeof beginStep>[3] & { tool: NonNullable<StepStarted['tool']> };

function changeCall(talk: Talk, session: Session, step: ToolStep, told: Told): void {
  if (step.ended) {
    changeEndedCall(talk, session, step, told);
    return;
  }
  const changes = takeAbout(step, told);
  // Its end says that it has ended.
  if (outcomeOf(step) !== undefined) delete changes.status;
  sayChanges(talk, session, step, changes);
  takeDetails(talk, session, step, told);
}

function takeDetails(talk: Talk, session: Session, step: ToolStep, told: Told): void {
  const { update, manner } = told;
  step.cwd ??= wordOf(shapeOf(update.rawInput).cwd);
  takeCommand(step, { update, manner });
  step.todos = readTodos(update, step.name ?? step.title) ?? step.todos;
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
  if (outcome === 'completed' && step.todos !== undefined) sayTodos(talk, session, step.todos);
  if (outcome !== undefined) {
    endCall(talk, session, step, outcome);
    step.todos = undefined;
  } else if (step.gathered.fresh) talk.moved.set(step, session);
}

/** v2 `tool_call_content_chunk`: one more piece of content. */
export function hearContentChunk(talk: Talk, session: Session, update: Shape): boolean {
  const call = wordOf(update.toolCallId);
  if (call === undefined || !isObject(update.content)) return false;
  const known = replayNow(talk, session) === undefined ? session.calls.get(call) : undefined;
  const step = known ?? hearCall(talk, session, { toolCallId: call }, 'upsert');
  if (step === undefined) return true;
  const { content } = update;
  appendStream(talk.gifts, step.gathered, textOf(shapeOf(content.content).text));
  takeTerminals(step, [content]);
  claimFiles(talk, session, step, { update: { content: [content] }, manner: 'upsert' });
  if (step.ended && step.gathered.fresh) session.late.add(step);
  else if (!step.ended) talk.moved.set(step, session);
  return true;
}
