/** Messages and thoughts: their chunks joined to one step each, given out in parts while they grow. */
import type { Attachment, MessageSaid } from '../contract/types.gen.ts';
import { readAttachment } from './attachments.ts';
import { setBounded } from './bounded.ts';
import { cutPoint, hardCut } from './cut-text.ts';
import { hearEcho } from './echo.ts';
import { keepRecent } from './progress.ts';
import { countMessage } from './replay.ts';
import { replayNow } from './replays.ts';
import { type Session, say } from './sessions.ts';
import { type Shape, shapeOf, shapesOf, textOf, wordOf } from './shape.ts';
import { beginStep, endStep, type Outcome, type StepBase } from './steps.ts';
import type { Talk } from './talk.ts';
import { type Turn, turnNow } from './turns.ts';

export type Role = 'user' | 'agent' | 'thought';

export type Said = StepBase & {
  readonly kind: 'message' | 'thought';
  readonly role: Role;
  readonly messageId: string | undefined;
  /** What is not given out yet. */
  text: string;
  /** How long it must be to look for a place to cut it. */
  tryLength: number;
  attachments: Attachment[];
  /** The last parts that were given out, for whoever wants to see it grow. */
  readonly recent: string[];
  /** How much text there was in all. */
  length: number;
  parts: number;
  lastMono: number;
  /** Since when the text that is not given out waits. */
  waitMono: number;
};

/** Past this, a part is given out at once. */
const partLength = 16_384;
/** Text without any place to cut is held back up to this length. */
const holdLength = 65_536;
const holdMs = 5000;
const speakingLimit = 8;
const spokenLimit = 500;

/** Takes a chunk (`user_message_chunk`, `agent_message_chunk`, `agent_thought_chunk`). */
export function hearChunk(talk: Talk, session: Session, role: Role, update: Shape): boolean {
  const content = update.content;
  if (typeof content !== 'object' || content === null) return false;
  const messageId = wordOf(update.messageId);
  const replay = replayNow(talk, session);
  if (replay !== undefined) {
    countMessage(replay, role, messageId);
    return true;
  }
  const block = content as Shape;
  const text = block.type === 'text' ? textOf(block.text) : undefined;
  if (text === '') return true;
  if (role === 'user' && isEcho(session, messageId, block)) return true;
  const said = saidNow(talk, session, role, update);
  if (text === undefined) said.attachments.push(readAttachment(talk, block));
  else appendText(talk, session, said, text);
  return true;
}

/** Takes a whole message (v2 `user_message`, …): the rest of one that grew in chunks, or all of one. */
export function hearWhole(talk: Talk, session: Session, role: Role, update: Shape): boolean {
  const messageId = wordOf(update.messageId);
  if (messageId === undefined) return false;
  const blocks = shapesOf(update.content);
  const replay = replayNow(talk, session);
  if (replay !== undefined) {
    countMessage(replay, role, messageId);
    return true;
  }
  if (blocks.length === 0) return true;
  if (role === 'user' && blocks.every((it) => isEcho(session, messageId, it))) return true;
  const key = keyOf(role, messageId);
  const spoken = session.speaking.get(key)?.length ?? session.spoken.get(key)?.length ?? 0;
  const text = blocks.map((it) => (it.type === 'text' ? (textOf(it.text) ?? '') : '')).join('');
  // What was given out stays as it was; a whole that is longer can only add to it.
  if (spoken > 0 && text.length <= spoken) return true;
  const said = saidNow(talk, session, role, update);
  if (spoken === 0)
    said.attachments.push(
      ...blocks.filter((it) => it.type !== 'text').map((it) => readAttachment(talk, it)),
    );
  appendText(talk, session, said, text.slice(spoken));
  return true;
}

function isEcho(session: Session, messageId: string | undefined, block: Shape): boolean {
  const turn = session.turns.find((it) => hearEcho(it.echo, messageId, block));
  if (turn !== undefined) turn.underway = true;
  return turn !== undefined;
}

/** The open message that a chunk belongs to, or a new one. */
function saidNow(talk: Talk, session: Session, role: Role, update: Shape): Said {
  const messageId = wordOf(update.messageId);
  const key = keyOf(role, messageId);
  const open = session.speaking.get(key);
  if (open !== undefined) {
    open.turn.lastMono = talk.mono;
    return open;
  }
  endOthers(talk, session, role, messageId);
  const said = makeSaid(talk, turnOf(talk, session, role, messageId), role, messageId);
  session.speaking.set(key, said);
  const above = wordOf(shapeOf(shapeOf(update._meta).claudeCode).parentToolUseId);
  const parent = above === undefined ? undefined : session.calls.get(above)?.id;
  const about: Parameters<typeof beginStep>[3] = { kind: said.kind };
  if (role !== 'thought') about.role = role;
  if (parent !== undefined) about.parent = parent;
  beginStep(talk, session, said, about);
  return said;
}

/** A prompt that is too long for one event is said again as a message of the user. */
export function hearPrompt(talk: Talk, session: Session, turn: Turn, text: string): Said {
  const said = makeSaid(talk, turn, 'user', undefined);
  beginStep(talk, session, said, { kind: 'message', role: 'user' });
  said.text = text;
  said.length = text.length;
  return said;
}

function makeSaid(talk: Talk, turn: Turn, role: Role, messageId: string | undefined): Said {
  return {
    id: talk.gifts.mint(),
    turn,
    startMono: talk.mono,
    ended: false,
    kind: role === 'thought' ? 'thought' : 'message',
    role,
    messageId,
    text: '',
    tryLength: partLength,
    attachments: [],
    recent: [],
    length: 0,
    parts: 0,
    lastMono: talk.mono,
    waitMono: talk.mono,
  };
}

/** More of a message whose turn is over is late; everything else is of now. */
function turnOf(talk: Talk, session: Session, role: Role, messageId: string | undefined): Turn {
  const spoken = messageId === undefined ? undefined : session.spoken.get(keyOf(role, messageId));
  return spoken !== undefined && session.turns.length === 0 ? spoken.turn : turnNow(talk, session);
}

function keyOf(role: Role, messageId: string | undefined): string {
  return messageId === undefined ? role : `${role} ${messageId}`;
}

/** A new message ends those before it that cannot go on: without ids all, with ids those of its role. */
function endOthers(talk: Talk, session: Session, role: Role, messageId: string | undefined): void {
  for (const said of session.speaking.values()) {
    if (messageId === undefined || said.messageId === undefined || said.role === role)
      endSaid(talk, session, said, 'completed');
  }
  const [oldest] = session.speaking.values();
  if (session.speaking.size >= speakingLimit && oldest !== undefined)
    endSaid(talk, session, oldest, 'completed');
}

function appendText(talk: Talk, session: Session, said: Said, text: string): void {
  if (said.text === '') said.waitMono = talk.mono;
  said.text += text;
  said.length += text.length;
  said.lastMono = talk.mono;
  talk.moved.set(said, session);
  while (said.text.length > said.tryLength) {
    let cut = cutPoint(said.text, partLength, true);
    if (cut === 0 && said.text.length > holdLength)
      cut = cutPoint(said.text, holdLength, true) || hardCut(said.text, holdLength);
    // No good place: look again when there is a good deal more.
    if (cut === 0) said.tryLength = said.text.length + partLength;
    else sayPart(talk, session, said, cut);
  }
}

function sayPart(talk: Talk, session: Session, said: Said, cut: number): void {
  const text = said.text.slice(0, cut);
  said.text = said.text.slice(cut);
  const event: MessageSaid = {
    type: 'message-said',
    turn: said.turn.id,
    step: said.id,
    role: said.role,
    part: said.parts,
    text,
  };
  if (said.attachments.length > 0) event.attachments = said.attachments;
  said.attachments = [];
  keepRecent(said.recent, text);
  said.waitMono = talk.mono;
  said.tryLength = partLength;
  said.parts += 1;
  say(talk, session, event);
}

/** Gives out what a message has said so far: at a line's end, after a while at a space, and all of it in a pause. */
export function flushSaid(talk: Talk, session: Session, said: Said): void {
  if (talk.mono - said.lastMono >= holdMs) sayRest(talk, session, said);
  else sayLines(talk, session, said, talk.mono - said.waitMono >= holdMs);
}

function sayLines(talk: Talk, session: Session, said: Said, atSpaces: boolean): void {
  const cut = cutPoint(said.text, partLength, atSpaces);
  if (cut > 0) sayPart(talk, session, said, cut);
}

/** A tool call begins: messages without ids are over; those with ids may go on after it. */
export function pauseSaid(talk: Talk, session: Session): void {
  for (const said of session.speaking.values()) {
    if (said.messageId === undefined) endSaid(talk, session, said, 'completed');
    else sayLines(talk, session, said, false);
  }
}

export function endSaid(talk: Talk, session: Session, said: Said, outcome: Outcome): void {
  sayRest(talk, session, said);
  const key = keyOf(said.role, said.messageId);
  session.speaking.delete(key);
  if (said.messageId !== undefined)
    setBounded(session.spoken, key, { turn: said.turn, length: said.length }, spokenLimit);
  endStep(talk, session, said, {
    outcome,
    afterMs: Math.max(0, Math.round(said.lastMono - said.startMono)),
  });
}

function sayRest(talk: Talk, session: Session, said: Said): void {
  while (said.text.length > partLength) {
    sayPart(
      talk,
      session,
      said,
      cutPoint(said.text, partLength, true) || hardCut(said.text, partLength),
    );
  }
  if (said.text !== '' || said.attachments.length > 0)
    sayPart(talk, session, said, said.text.length);
}
