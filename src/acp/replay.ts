/** History that an agent sends again when a session is taken up: it is counted, and recorded nowhere. */
import { addBounded } from './bounded.ts';
import type { Session } from './sessions.ts';
import { say } from './sessions.ts';
import type { Talk } from './talk.ts';

export type Replay = {
  messages: number;
  steps: number;
  /** The call ids counted so far. */
  readonly calls: Set<string>;
  /** The message that is being sent; its chunks count once. */
  message: string | undefined;
  /** Some agents answer before they have sent it all. What follows on the answer's heels is still history. */
  untilMono: number | undefined;
};

const quietMs = 2000;

export function beginReplay(): Replay {
  return { messages: 0, steps: 0, calls: new Set(), message: undefined, untilMono: undefined };
}

/** The replay that what comes now belongs to, if any. */
export function replayNow(talk: Talk, session: Session): Replay | undefined {
  const { replay } = session;
  if (replay?.untilMono === undefined) return replay;
  if (talk.mono > replay.untilMono) {
    endReplay(talk, session);
    return undefined;
  }
  replay.untilMono = talk.mono + quietMs;
  return replay;
}

export function countMessage(replay: Replay, role: string, messageId: string | undefined): void {
  const message = `${role} ${messageId ?? ''}`;
  if (replay.message !== message) replay.messages += 1;
  replay.message = message;
}

export function countCall(replay: Replay, call: string): void {
  replay.message = undefined;
  if (replay.calls.has(call)) return;
  addBounded(replay.calls, call, 10_000);
  replay.steps += 1;
}

/** The request was answered: tells what came so far. Only `session/load` may go on after that. */
export function answerReplay(talk: Talk, session: Session, mayGoOn: boolean): void {
  if (session.replay === undefined) return;
  tellReplay(talk, session, session.replay);
  session.replay.untilMono = talk.mono + quietMs;
  if (!mayGoOn) session.replay = undefined;
}

export function endReplay(talk: Talk, session: Session): void {
  if (session.replay !== undefined) tellReplay(talk, session, session.replay);
  session.replay = undefined;
}

function tellReplay(talk: Talk, session: Session, replay: Replay): void {
  const { messages, steps } = replay;
  if (messages === 0 && steps === 0) return;
  say(talk, session, { type: 'session-replayed', messages, steps });
  replay.messages = 0;
  replay.steps = 0;
}
