/** What every step of a turn has in common: it begins once and ends once. */
import type { StepEnded, StepStarted } from '../contract/types.gen.ts';
import type { Said } from './messages.ts';
import type { QuestionStep } from './questions.ts';
import { type Session, say } from './sessions.ts';
import { elapsedMs, type Talk } from './talk.ts';
import type { TerminalStep } from './terminals.ts';
import type { ToolStep } from './tool-steps.ts';
import type { Turn } from './turns.ts';

export type StepBase = {
  readonly id: string;
  readonly turn: Turn;
  readonly startMono: number;
  ended: boolean;
};

export type Step = ToolStep | Said | TerminalStep | QuestionStep;

export type Outcome = StepEnded['outcome'];

export function makeStep(talk: Talk, turn: Turn): StepBase {
  return { id: talk.gifts.mint(), turn, startMono: talk.mono, ended: false };
}

export function beginStep(
  talk: Talk,
  session: Session,
  step: Step,
  about: Omit<StepStarted, 'type' | 'turn' | 'step' | 'late'>,
): void {
  session.open.set(step.id, step);
  const event: StepStarted = { type: 'step-started', turn: step.turn.id, step: step.id, ...about };
  if (step.turn.ended) event.late = true;
  say(talk, session, event);
}

export function endStep(
  talk: Talk,
  session: Session,
  step: Step,
  about: Omit<StepEnded, 'type' | 'step' | 'late' | 'afterMs'> & { afterMs?: number },
): void {
  if (step.ended) return;
  step.ended = true;
  session.open.delete(step.id);
  talk.moved.delete(step);
  const afterMs = about.afterMs ?? elapsedMs(talk, step.startMono);
  const event: StepEnded = { type: 'step-ended', step: step.id, ...about, afterMs };
  if (step.turn.ended) event.late = true;
  say(talk, session, event);
}
