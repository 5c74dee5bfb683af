/** Understands one connection between an editor and an agent, line by line: what it hears comes out as notes. */
import type { Problem } from '../contract/types.gen.ts';
import type { Note } from '../journal/entry.ts';
import { known } from '../journal/known.ts';
import { closeSession, flushSession, keepBounds } from './closing.ts';
import { headOf } from './cut-text.ts';
import { keepMessage, keepUpdate } from './kept.ts';
import type { Line, Side } from './line.ts';
import { notifications, requests } from './methods.ts';
import { type Message, parseLine, type Unread } from './parse-line.ts';
import { type Asked, openPending } from './pending.ts';
import { readProgress, type StepProgress } from './progress.ts';
import { openSameChunk } from './same-chunk.ts';
import { sayAbout, sessionOf } from './sessions.ts';
import { isObject, type Shape, wordOf } from './shape.ts';
import { type Ask, type Gifts, sayAside, type Talk } from './talk.ts';
import { updateHandler } from './updates.ts';

export type { Line, Side } from './line.ts';

export type Conversation = {
  /** Never throws. */
  read(line: Line): readonly Note[];
  /**
   * Several whole lines of the agent at once, each with its newline. Undefined if they are not a
   * plain run of chunks of one message; then nothing was read, and each is to be read by itself.
   */
  readRun(lines: string, mono: number): readonly Note[] | undefined;
  /** Called about once a second: gives out what long messages have said so far. */
  flush(mono: number): readonly Note[];
  /** How far steps are that are going on: those of which more was heard since it was last asked, or all. */
  progress(which: 'moved' | 'all'): readonly StepProgress[];
  /** The connection is over: whatever is open is closed. */
  close(mono: number): readonly Note[];
  /** The agent gets more than what the person wrote: it may send that back as well. */
  prepend(agentSession: string, text: string): void;
  /** The request that this line made is not to be answered: another one goes on in its place. */
  forget(from: Side, line: string): void;
  /** clew itself asks the editor something under this id: the answer is no part of the conversation. */
  expect(id: string): void;
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
    moved: new Map(),
    protocol: undefined,
    agentName: undefined,
    from: 'editor',
    text: '',
    bytes: 0,
    mono: 0,
    heard: undefined,
    notes: [],
  };

  const agentChunk = openSameChunk();

  function readMessage({ from, text }: Line): Message | Unread {
    if (from === 'editor') return parseLine(text);
    const same = agentChunk.read(text);
    if (same !== undefined) return same;
    const message = parseLine(text);
    if (message.kind === 'notification') agentChunk.remember(text, message);
    return message;
  }

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
      talk.heard = undefined;
      hearMessage(talk, readMessage(line));
      keepBounds(talk);
      return takeNotes();
    },
    readRun(lines, mono) {
      const message = agentChunk.readRun(lines);
      if (message === undefined) return undefined;
      talk.from = 'agent';
      talk.text = '';
      talk.mono = mono;
      talk.heard = undefined;
      hearMessage(talk, message);
      keepBounds(talk);
      return takeNotes();
    },
    flush(mono) {
      talk.mono = mono;
      for (const session of talk.sessions.values()) flushSession(talk, session);
      return takeNotes();
    },
    progress: (which) => readProgress(talk, which),
    close(mono) {
      talk.mono = mono;
      loseAnswers(talk, 'editor');
      loseAnswers(talk, 'agent');
      for (const session of talk.sessions.values()) closeSession(talk, session);
      return takeNotes();
    },
    prepend(agentSession, text) {
      const turn = talk.sessions.get(agentSession)?.turns.at(-1);
      if (turn?.echo !== undefined) turn.echo = { ...turn.echo, text: text + turn.echo.text };
    },
    forget(from, line) {
      const message = parseLine(line);
      if (message.kind === 'request') talk.pending.take(from, message.id);
    },
    expect(id) {
      const rawId = JSON.stringify(id);
      talk.pending.add({ from: 'agent', id: rawId, rawId, method: 'clew', tellsErrors: true });
    },
    pending: (from) =>
      talk.pending.list(from).map(({ rawId, method, session }) => ({
        id: rawId,
        method,
        ...known({ session: session?.id }),
      })),
  };
}

function hearMessage(talk: Talk, message: Message | Unread): void {
  if (message.kind === 'notification') hearNotification(talk, message.method, message.params);
  else if (message.kind === 'request') hearRequest(talk, message);
  else if (message.kind === 'answer') hearAnswer(talk, message);
  else if (message.kind === 'opaque') keepOpaque(talk, message.why);
}

function hearNotification(talk: Talk, method: string, params: Shape): void {
  if (method === 'session/update' && talk.from === 'agent') hearUpdate(talk, params);
  else if (!isOurs(method)) {
    const hear = notifications[talk.from].get(method);
    if (hear === undefined || !hear(talk, params))
      keepMessage(talk, 'notification', method, params);
  }
}

function hearUpdate(talk: Talk, params: Shape): void {
  const agentId = wordOf(params.sessionId);
  const { update } = params;
  if (agentId === undefined || !isObject(update)) {
    keepMessage(talk, 'notification', 'session/update', params);
    return;
  }
  const session = sessionOf(talk, agentId);
  const hear = updateHandler(talk.protocol, update.sessionUpdate);
  if (hear === undefined || !hear(talk, session, update)) keepUpdate(talk, session, update);
}

function hearRequest(talk: Talk, message: Message & { kind: 'request' }): void {
  const { id, rawId, method, params } = message;
  const ask = isOurs(method) ? askNothing : (requests[talk.from].get(method) ?? keepRequest);
  const asked = ask(talk, params, method);
  const agentId = wordOf(params.sessionId);
  const session = asked.session ?? (agentId === undefined ? undefined : talk.sessions.get(agentId));
  const turn = session?.turns[0]?.id;
  talk.pending.add({ turn, ...asked, from: talk.from, id, rawId, method, session });
}

const askNothing: Ask = () => ({});

const keepRequest: Ask = (talk, params, method) => {
  keepMessage(talk, 'request', method, params);
  return {};
};

function hearAnswer(talk: Talk, message: Message & { kind: 'answer' }): void {
  const { id, problem, result } = message;
  const from: Side = talk.from === 'editor' ? 'agent' : 'editor';
  const asked = talk.pending.take(from, id);
  if (asked === undefined) {
    sayAside(talk, { type: 'answer-unmatched', from: talk.from, id: id.slice(0, 200) });
    return;
  }
  if (problem !== undefined && asked.tellsErrors !== true) failRequest(talk, asked, problem);
  asked.take?.(problem === undefined ? { kind: 'result', result } : { kind: 'error', problem });
}

function failRequest(talk: Talk, asked: Asked, problem: Problem): void {
  const { from, method, session, turn } = asked;
  // An error is the expected answer to a request that was taken back.
  if (isOurs(method) || asked.withdrawn === true) return;
  sayAbout(talk, session, {
    type: 'request-failed',
    from,
    method: method.slice(0, 200),
    problem,
    ...known({ turn }),
  });
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
