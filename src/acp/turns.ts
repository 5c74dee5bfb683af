/** Turns: a prompt and what follows from it, or work that the agent began by itself. */
import type { Usage } from '../contract/types.gen.ts';
import type { Echo } from './echo.ts';
import { type Session, say } from './sessions.ts';
import type { Talk } from './talk.ts';

export type Turn = {
  readonly id: string;
  readonly origin: 'prompt' | 'agent';
  readonly startMono: number;
  /** When something last happened in it. */
  lastMono: number;
  ended: boolean;
  /** The editor asked the agent to stop. */
  cancelled: boolean;
  /** v2: the prompt was taken in, or work on it was seen. An idle state before that is about something else. */
  underway: boolean;
  /** The prompt, if the agent may repeat it as a user's message. */
  echo: Echo | undefined;
  /** Summed up from single model calls, for agents that do not tell it at the end. */
  usage: Usage | undefined;
};

export function makeTurn(talk: Talk, origin: Turn['origin']): Turn {
  return {
    id: talk.gifts.mint(),
    origin,
    startMono: talk.mono,
    lastMono: talk.mono,
    ended: false,
    cancelled: false,
    underway: origin === 'agent',
    echo: undefined,
    usage: undefined,
  };
}

/** The turn that what the agent does now belongs to; begins one if nobody had asked for anything. */
export function turnNow(talk: Talk, session: Session): Turn {
  const turn = session.turns[0] ?? beginAgentTurn(talk, session);
  turn.lastMono = talk.mono;
  turn.underway = true;
  return turn;
}

function beginAgentTurn(talk: Talk, session: Session): Turn {
  const turn = makeTurn(talk, 'agent');
  session.turns.push(turn);
  say(talk, session, { type: 'turn-started', turn: turn.id, origin: 'agent' });
  return turn;
}
