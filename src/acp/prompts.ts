/** `session/prompt`: in v1 its answer ends the turn, in v2 it says that the prompt was taken in. */
import { type Prompt, readPrompt } from './attachments.ts';
import { endTurn, settleSession } from './closing.ts';
import { cutPoint, hardCut } from './cut-text.ts';
import { endSaid, hearPrompt } from './messages.ts';
import type { Answer } from './pending.ts';
import { type Session, say, sessionOf } from './sessions.ts';
import { type Shape, shapeOf, wordOf } from './shape.ts';
import type { Ask, HearUpdate, Talk } from './talk.ts';
import { makeTurn, type Turn } from './turns.ts';
import { readTurnUsage } from './usage.ts';

const promptLength = 16_384;

export const askPrompt: Ask = (talk, params) => {
  const agentId = wordOf(params.sessionId);
  if (agentId === undefined) return {};
  const session = sessionOf(talk, agentId);
  settleSession(talk, session);
  const turn = beginTurn(talk, session, readPrompt(talk, params.prompt));
  return {
    session,
    turn: turn.id,
    tellsErrors: true,
    withdraw() {
      turn.cancelled = true;
    },
    take: (answer) => takeAnswer(talk, session, turn, answer),
  };
};

function beginTurn(talk: Talk, session: Session, prompt: Prompt): Turn {
  const turn = makeTurn(talk, 'prompt');
  turn.echo = { text: prompt.plain, at: 0, messageId: undefined };
  session.turns.push(turn);
  const isLong = prompt.text.length > promptLength;
  say(talk, session, {
    type: 'turn-started',
    turn: turn.id,
    origin: 'prompt',
    prompt: isLong ? beginningOf(prompt.text) : prompt.text,
    ...(prompt.attachments.length > 0 ? { attachments: prompt.attachments.slice(0, 100) } : {}),
  });
  // The whole of a long prompt follows in parts, like any message.
  if (isLong) endSaid(talk, session, hearPrompt(talk, session, turn, prompt.text), 'completed');
  return turn;
}

function beginningOf(text: string): string {
  return text.slice(0, cutPoint(text, promptLength, true) || hardCut(text, promptLength));
}

function takeAnswer(talk: Talk, session: Session, turn: Turn, answer: Answer): void {
  if (answer.kind === 'error') {
    const outcome = turn.cancelled ? 'cancelled' : 'error';
    endTurn(talk, session, turn, { outcome, problem: answer.problem });
  }
  if (answer.kind !== 'result') return;
  const result = shapeOf(answer.result);
  const messageId = wordOf(result.messageId);
  const stopReason = wordOf(result.stopReason);
  if (stopReason === undefined && (messageId !== undefined || talk.protocol === 2)) {
    turn.underway = true;
    if (turn.echo !== undefined && messageId !== undefined) turn.echo.messageId = messageId;
    return;
  }
  endTurn(talk, session, turn, { outcome: stopReason ?? 'unknown', ...readTurnUsage(result) });
}

/** v2 `state_update`: idle ends all that was under way; a repeated idle ends nothing. */
export const hearState: HearUpdate = (talk, session, update) => {
  const state = update.state;
  if (state === 'running' || state === 'requires_action') {
    const turn = session.turns[0];
    if (turn !== undefined && session.replay === undefined) turn.underway = true;
    return true;
  }
  if (state !== 'idle') return false;
  if (session.replay === undefined) endWork(talk, session, update);
  return true;
};

function endWork(talk: Talk, session: Session, update: Shape): void {
  const over = session.turns.filter((it) => it.underway);
  const stopReason = wordOf(update.stopReason);
  over.forEach((turn, at) => {
    const outcome = stopReason ?? (turn.origin === 'agent' ? 'quiet' : 'idle');
    // What was used was used by the work as a whole; it is told once.
    endTurn(talk, session, turn, { outcome, ...(at === 0 ? readTurnUsage(update) : {}) });
  });
}
