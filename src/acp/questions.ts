/** Questions of the agent to the user (`elicitation/create`), as steps. */
import { keepMessage } from './kept.ts';
import { sessionOf } from './sessions.ts';
import { known, textOf, wordOf } from './shape.ts';
import { beginStep, endStep, makeStep, type Outcome, type StepBase } from './steps.ts';
import type { Ask } from './talk.ts';
import { turnNow } from './turns.ts';

export type QuestionStep = StepBase & { readonly kind: 'question' };

const titleLength = 1000;
const outcomes = new Map<unknown, Outcome>([
  ['accept', 'completed'],
  ['decline', 'rejected'],
  ['cancel', 'cancelled'],
]);

export const askUser: Ask = (talk, params) => {
  const agentId = wordOf(params.sessionId);
  if (agentId === undefined) {
    keepMessage(talk, 'request', 'elicitation/create', params);
    return {};
  }
  const session = sessionOf(talk, agentId);
  const about = session.calls.get(wordOf(params.toolCallId) ?? '');
  const step: QuestionStep = {
    ...makeStep(talk, about?.turn ?? turnNow(talk, session)),
    kind: 'question',
  };
  beginStep(talk, session, step, {
    kind: 'question',
    ...known({ title: textOf(params.message)?.slice(0, titleLength), parent: about?.id }),
  });
  return {
    session,
    turn: step.turn.id,
    tellsErrors: true,
    take(answer) {
      if (answer.kind === 'lost') return;
      // What the user said stays between the user and the agent; only that there was an answer is told.
      const action = (answer.kind === 'result' ? answer.result : undefined) as
        | { action?: unknown }
        | null
        | undefined;
      if (answer.kind === 'error')
        endStep(talk, session, step, { outcome: 'failed', problem: answer.problem.message });
      else endStep(talk, session, step, { outcome: outcomes.get(action?.action) ?? 'completed' });
    },
  };
};
