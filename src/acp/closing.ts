/** The ends of turns, sessions and the connection: nothing that was begun stays open. */
import type { TurnEnded } from '../contract/types.gen.ts';
import { known } from '../journal/known.ts';
import { tellLateOutput } from './late-calls.ts';
import { endSaid, flushSaid } from './messages.ts';
import { endReplay } from './replays.ts';
import { type Session, say } from './sessions.ts';
import { endStep, type Step } from './steps.ts';
import type { Talk } from './talk.ts';
import { closeTerminal } from './terminals.ts';
import { closeCall } from './tool-steps.ts';
import type { Turn } from './turns.ts';

type End = Pick<TurnEnded, 'outcome'> & {
  [K in 'problem' | 'usage' | 'models']?: TurnEnded[K] | undefined;
};

export function endTurn(talk: Talk, session: Session, turn: Turn, end: End): void {
  if (turn.ended) return;
  if (end.outcome === 'cancelled') turn.cancelled = true;
  const isBroken = end.outcome === 'interrupted' || end.outcome === 'error';
  for (const step of session.open.values())
    if (step.turn === turn) closeStep(talk, session, step, isBroken);
  turn.ended = true;
  const at = session.turns.indexOf(turn);
  if (at >= 0) session.turns.splice(at, 1);
  // Nobody says when work ends that the agent began by itself: it was over when it fell silent.
  const endMono = end.outcome === 'quiet' ? turn.lastMono : talk.mono;
  const afterMs = Math.max(0, Math.round(endMono - turn.startMono));
  const { outcome, problem, models, usage = turn.usage } = end;
  say(talk, session, {
    type: 'turn-ended',
    turn: turn.id,
    outcome,
    ...known({ problem, usage, models }),
    afterMs,
  });
}

function closeStep(talk: Talk, session: Session, step: Step, isBroken: boolean): void {
  if (step.kind === 'tool') closeCall(talk, session, step);
  else if (step.kind === 'terminal') closeTerminal(talk, session, step);
  else if (step.kind === 'question') endStep(talk, session, step, { outcome: 'interrupted' });
  else endSaid(talk, session, step, isBroken ? 'interrupted' : 'completed');
}

/** Something new begins: what the agent had begun by itself is over, and so is what came late. */
export function settleSession(talk: Talk, session: Session): void {
  endReplay(talk, session);
  for (const turn of [...session.turns])
    if (turn.origin === 'agent') endTurn(talk, session, turn, { outcome: 'quiet' });
  for (const step of session.open.values())
    if (step.turn.ended) closeStep(talk, session, step, false);
  tellLateOutput(talk, session);
}

/** The session or the connection is over. */
export function closeSession(talk: Talk, session: Session): void {
  settleSession(talk, session);
  for (const turn of [...session.turns]) endTurn(talk, session, turn, { outcome: 'interrupted' });
  session.speaking.clear();
  session.terminals.clear();
}

const sessionLimit = 500;
const turnLimit = 100;
const openLimit = 4000;

/** An agent that never ends anything, or an editor that opens sessions without end, must not fill the memory. */
export function keepBounds(talk: Talk): void {
  const { heard: session } = talk;
  if (session === undefined) return;
  if (session.turns.length > turnLimit) {
    const [oldest] = session.turns;
    if (oldest !== undefined) endTurn(talk, session, oldest, { outcome: 'interrupted' });
  }
  if (session.open.size > openLimit) {
    const [oldest] = session.open.values();
    if (oldest !== undefined) closeStep(talk, session, oldest, true);
  }
  if (talk.sessions.size > sessionLimit) {
    const [oldest] = talk.sessions.values();
    if (oldest === undefined || oldest === session) return;
    closeSession(talk, oldest);
    talk.sessions.delete(oldest.agentId);
  }
}

/** About once a second: what long messages have said so far is given out, so that a crash loses little. */
export function flushSession(talk: Talk, session: Session): void {
  const until = session.replay?.untilMono;
  if (until !== undefined && talk.mono > until) endReplay(talk, session);
  for (const said of session.speaking.values()) flushSaid(talk, session, said);
  tellLateOutput(talk, session);
}
