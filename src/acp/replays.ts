/** When a replay is going on, and telling what it sent when it is over. */
import type { Replay } from './replay.ts';
import { type Session, say } from './sessions.ts';
import type { Talk } from './talk.ts';

const quietMs = 2000;

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
