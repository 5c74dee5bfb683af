/** Stopping: `session/cancel`, `$/cancel_request`, and v2's cancelling of one tool call or terminal. */

import { known } from '../journal/known.ts';
import { idText } from './parse-line.ts';
import { say, sayAbout, sessionOf } from './sessions.ts';
import { wordOf } from './shape.ts';
import type { Ask, Hear } from './talk.ts';

export const hearCancel: Hear = (talk, params) => {
  const agentId = wordOf(params.sessionId);
  if (agentId === undefined) return false;
  const session = sessionOf(talk, agentId);
  for (const turn of session.turns) turn.cancelled = true;
  say(talk, session, { type: 'cancel-asked', ...known({ turn: session.turns[0]?.id }) });
  return true;
};

/** The side that asked takes its request back. */
export const hearWithdrawal: Hear = (talk, params) => {
  if (params.requestId === undefined) return false;
  const asked = talk.pending.find(
    talk.from,
    idText(params.requestId, talk.text, ['params', 'requestId']),
  );
  if (asked !== undefined) asked.withdrawn = true;
  asked?.withdraw?.();
  const event = {
    type: 'request-withdrawn' as const,
    from: talk.from,
    ...known({ method: asked?.method, turn: asked?.turn }),
  };
  sayAbout(talk, asked?.session, event);
  return true;
};

export const askCallCancel: Ask = (talk, params) => {
  const agentId = wordOf(params.sessionId);
  if (agentId === undefined) return {};
  const session = sessionOf(talk, agentId);
  const step =
    session.calls.get(wordOf(params.toolCallId) ?? '') ??
    session.terminals.get(wordOf(params.terminalId) ?? '');
  if (step?.kind === 'tool') step.verdict = 'cancelled';
  if (step?.kind === 'terminal') step.killed = true;
  say(talk, session, { type: 'cancel-asked', ...known({ turn: step?.turn.id, step: step?.id }) });
  return { session, turn: step?.turn.id };
};
