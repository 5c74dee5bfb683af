/** What clew has no meaning for is kept as it came, if it is small. */
import type { MessageKept } from '../contract/types.gen.ts';
import { type Session, say, sessionOf } from './sessions.ts';
import { type Shape, wordOf } from './shape.ts';
import { sayAside, type Talk } from './talk.ts';

const dataLimitBytes = 4096;

/** What goes by these names may be credentials; that they went by is all that is kept. */
const withoutData = /^_?(?:auth|authenticate|login|logout|providers|mcp)(?:\/|$)/;

export function keepMessage(
  talk: Talk,
  kind: MessageKept['kind'],
  method: string,
  data: Shape,
): void {
  const agentId = wordOf(data.sessionId);
  const event = keptEvent(talk, kind, method, data);
  if (agentId === undefined) sayAside(talk, event);
  else keepInSession(talk, sessionOf(talk, agentId), event);
}

export function keepUpdate(talk: Talk, session: Session, update: Shape): void {
  const name = wordOf(update.sessionUpdate) ?? 'session/update';
  keepInSession(talk, session, keptEvent(talk, 'update', name, update));
}

function keepInSession(talk: Talk, session: Session, event: MessageKept): void {
  const turn = session.turns[0];
  say(talk, session, turn === undefined ? event : { ...event, turn: turn.id });
}

function keptEvent(
  talk: Talk,
  kind: MessageKept['kind'],
  method: string,
  data: Shape,
): MessageKept {
  const isShown = talk.bytes <= dataLimitBytes && !withoutData.test(method);
  return {
    type: 'message-kept',
    from: talk.from,
    method: method.slice(0, 200),
    kind,
    bytes: talk.bytes,
    ...(isShown ? { data } : {}),
  };
}
