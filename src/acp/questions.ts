/** Questions of the agent to the user (`elicitation/create`), as steps. */

import { known } from '../journal/known.ts';
import { keepMessage } from './kept.ts';
import { sessionOf } from './sessions.ts';
import { shapeOf, textOf, wordOf } from './shape.ts';
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
  let isWithdrawn = false;
  return {
    session,
    turn: step.turn.id,
    tellsErrors: true,
    withdraw() {
      isWithdrawn = true;
    },
    take(answer) {
      if (answer.kind === 'lost') return;
      if (answer.kind === 'error') {
        const { message } = answer.problem;
        endStep(talk, session, step, {
          outcome: isWithdrawn ? 'cancelled' : 'failed',
          problem: message,
        });
        return;
      }
      // What the user said stays between the user and the agent; only that there was an answer is told.
      const { action } = shapeOf(answer.result);
      endStep(talk, session, step, { outcome: outcomes.get(action) ?? 'completed' });
    },
  };
};
