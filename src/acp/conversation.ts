/** Understands one connection between an editor and an agent, line by line: what it hears comes out as notes. */
import type { Note } from '../journal/entry.ts';
import { closeSession, flushSession } from './closing.ts';
import { headOf } from './cut-text.ts';
import { keepMessage, keepUpdate } from './kept.ts';
import type { Line, Side } from './line.ts';
import { notifications, requests } from './methods.ts';
import { type Message, parseLine, type Unread } from './parse-line.ts';
import { type Answer, openPending } from './pending.ts';
import { sessionOf } from './sessions.ts';
import { isObject, known, type Shape, wordOf } from './shape.ts';
import { type Gifts, sayAside, type Talk } from './talk.ts';
import { updateHandler } from './updates.ts';

export type { Line, Side } from './line.ts';

export type Conversation = {
  /** Never throws. */
  read(line: Line): readonly Note[];
  /** Called about once a second: gives out what long messages have said so far. */
  flush(mono: number): readonly Note[];
  /** The connection is over: whatever is open is closed. */
  close(mono: number): readonly Note[];
  /** Requests of that side without an answer; `id` is its JSON text, `session` is clew's id. */
  pending(from: Side): { id: string; method: string; session?: string }[];
};

const noNotes: readonly Note[] = Object.freeze([]);

export function openConversation(gifts: Gifts): Conversation {
  const talk: Talk = {
    gifts,
    sessions: new Map(),
    pending: openPending(),
    openings: new Set(),
    protocol: undefined,
    agentName: undefined,
    from: 'editor',
    text: '',
    bytes: 0,
    mono: 0,
    notes: [],
  };

  const takeNotes = (): readonly Note[] => {
    talk.text = '';
    if (talk.notes.length === 0) return noNotes;
    const { notes } = talk;
    talk.notes = [];
    return notes;
  };

  return {
    read(line) {
      talk.from = line.from;
      talk.text = line.text;
      talk.bytes = line.bytes;
      talk.mono = line.mono;
      hearMessage(talk, parseLine(line.text));
      return takeNotes();
    },
    flush(mono) {
      talk.mono = mono;
      for (const session of talk.sessions.values()) flushSession(talk, session);
      return takeNotes();
    },
    close(mono) {
      talk.mono = mono;
      loseAnswers(talk, 'editor');
      loseAnswers(talk, 'agent');
      for (const session of talk.sessions.values()) closeSession(talk, session);
      return takeNotes();
    },
    pending: (from) =>
      talk.pending
        .list(from)
        .map(({ id, method, session }) => ({ id, method, ...known({ session }) })),
  };
}

function hearMessage(talk: Talk, message: Message | Unread): void {
  switch (message.kind) {
    case 'notification':
      return hearNotification(talk, message.method, message.params);
    case 'request':
      return hearRequest(talk, message.id, message.method, message.params);
    case 'answer':
      return hearAnswer(talk, message);
    case 'opaque':
      return keepOpaque(talk, message.why);
    case 'blank':
      return;
  }
}

function hearNotification(talk: Talk, method: string, params: Shape): void {
  if (method === 'session/update' && talk.from === 'agent') return hearUpdate(talk, params);
  if (isOurs(method)) return;
  const hear = notifications[talk.from].get(method);
  if (hear === undefined || !hear(talk, params)) keepMessage(talk, 'notification', method, params);
}

function hearUpdate(talk: Talk, params: Shape): void {
  const agentId = wordOf(params.sessionId);
  const { update } = params;
  if (agentId === undefined || !isObject(update))
    return keepMessage(talk, 'notification', 'session/update', params);
  const session = sessionOf(talk, agentId);
  const hear = updateHandler(talk.protocol, update.sessionUpdate);
  if (hear === undefined || !hear(talk, session, update)) keepUpdate(talk, session, update);
}

function hearRequest(talk: Talk, id: string, method: string, params: Shape): void {
  if (isOurs(method)) return talk.pending.add({ from: talk.from, id, method });
  const ask = requests[talk.from].get(method);
  if (ask === undefined) keepMessage(talk, 'request', method, params);
  const { session, ...asked } = ask?.(talk, params) ?? {};
  const agentId = wordOf(params.sessionId);
  const known = session ?? (agentId === undefined ? undefined : talk.sessions.get(agentId));
  talk.pending.add({
    turn: known?.turns[0]?.id,
    ...asked,
    from: talk.from,
    id,
    method,
    session: known?.id,
  });
}

function hearAnswer(talk: Talk, message: Message & { kind: 'answer' }): void {
  const { id, problem, result } = message;
  const from: Side = talk.from === 'editor' ? 'agent' : 'editor';
  const asked = talk.pending.take(from, id);
  if (asked === undefined)
    return sayAside(talk, { type: 'answer-unmatched', from: talk.from, id: id.slice(0, 200) });
  const answer: Answer =
    problem === undefined ? { kind: 'result', result } : { kind: 'error', problem };
  if (problem !== undefined && asked.tellsErrors !== true && !isOurs(asked.method)) {
    const { method, session, turn } = asked;
    talk.notes.push({
      ...known({ session }),
      event: {
        type: 'request-failed',
        from,
        method: method.slice(0, 200),
        problem,
        ...known({ turn }),
      },
    });
  }
  asked.take?.(answer);
}

/** What goes between clew and an editor that knows it is no part of the conversation with the agent. */
function isOurs(method: string): boolean {
  return method.startsWith('_clew/');
}

const beginningLength = 1024;

function keepOpaque(talk: Talk, why: (Unread & { kind: 'opaque' })['why']): void {
  const text = headOf(talk.text.slice(0, 4 * beginningLength), beginningLength);
  sayAside(talk, {
    type: 'line-kept-opaque',
    from: talk.from,
    why,
    bytes: talk.bytes,
    sha256: talk.gifts.sha256(talk.text),
    ...(text === '' ? {} : { text }),
  });
}

function loseAnswers(talk: Talk, from: Side): void {
  for (const { id } of talk.pending.list(from))
    talk.pending.take(from, id)?.take?.({ kind: 'lost' });
}
