/** What is heard of tool calls that have ended: late output, and an end other than the one that was told. */

import { known } from '../journal/known.ts';
import { claimFiles } from './claims.ts';
import { gatherOutput, readOutput } from './output.ts';
import type { Session } from './sessions.ts';
import type { Talk } from './talk.ts';
import {
  type Changes,
  forget,
  outcomeOf,
  sayChanges,
  type Told,
  type ToolStep,
  takeAbout,
} from './tool-steps.ts';

const ends = new Set<unknown>(['completed', 'failed', 'cancelled']);

export function changeEndedCall(talk: Talk, session: Session, step: ToolStep, told: Told): void {
  const changes: Changes = takeAbout(step, told);
  // Its end was told; it is told again only if it is another one, or if it had gone on meanwhile.
  const ending = outcomeOf(step);
  if (ending !== undefined && ending === step.shown) delete changes.status;
  else if (changes.status !== undefined) step.shown = ending ?? changes.status;
  claimFiles(talk, session, step, told);
  if (told.manner !== 'asked') gatherOutput(talk.gifts, step.gathered, told.update, true);
  if (step.gathered.fresh && ends.has(changes.status)) tellLate(talk, session, step, changes);
  else {
    // A command in the background may go on for long; what it prints is told once in a while.
    if (step.gathered.fresh) session.late.add(step);
    sayChanges(talk, session, step, changes);
  }
}

/** What came after its end. */
function tellLate(talk: Talk, session: Session, step: ToolStep, changes: Changes): void {
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
