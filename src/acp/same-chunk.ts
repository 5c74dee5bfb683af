/** The usual line of a stream: the same message as the one before but for its text. Read without parsing it. */
import type { Message } from './parse-line.ts';
import { isObject, type Shape } from './shape.ts';

export type SameChunk = {
  /** The message of a line that differs from the remembered one in its text only. */
  read(line: string): Message | undefined;
  /**
   * Several whole lines, each with its newline, that all are the remembered message but for their
   * texts: one message with the texts joined. Undefined if any of them is something else.
   */
  readRun(lines: string): Message | undefined;
  /** Remembers a line that was read the long way. The second of a kind in a row becomes the pattern. */
  remember(line: string, message: Message): void;
};

type Notification = Message & { readonly kind: 'notification' };
type Pattern = { readonly before: string; readonly after: string; readonly message: Notification };

/** A text that no pattern can hold anywhere else. */
const probe = 'clew probes where the text is';

/**
 * Sound because JSON is: if what surrounds a string literal is the same, and the literal is one
 * whole literal, then the message is the same but for that string.
 */
export function openSameChunk(): SameChunk {
  let pattern: Pattern | undefined;
  let wasChunk = false;

  return {
    read(line) {
      if (pattern === undefined) return undefined;
      const { before, after, message } = pattern;
      const end = line.length - after.length;
      if (end < before.length || !line.startsWith(before) || !line.endsWith(after))
        return undefined;
      const text = readLiteral(line.slice(before.length, end));
      return text === undefined ? undefined : withText(message, text);
    },
    readRun(lines) {
      if (pattern === undefined) return undefined;
      const { before, after, message } = pattern;
      const end = lines.length - after.length - 1;
      if (end < before.length || !lines.startsWith(before) || !lines.endsWith(`${after}\n`))
        return undefined;
      const texts = lines.slice(before.length, end).split(`${after}\n${before}`);
      const text = texts.join('');
      return isPlain(text) ? withText(message, text) : undefined;
    },
    remember(line, message) {
      const text = message.kind === 'notification' ? textIn(message.params) : undefined;
      pattern =
        wasChunk && text !== undefined
          ? makePattern(line, text, message as Notification)
          : undefined;
      wasChunk = text !== undefined;
    },
  };
}

function makePattern(line: string, text: string, message: Notification): Pattern | undefined {
  const literal = JSON.stringify(text);
  const at = line.lastIndexOf(literal);
  if (at === -1) return undefined;
  const before = line.slice(0, at + 1);
  const after = line.slice(at + literal.length - 1);
  // The literal may stand for something else that happens to say the same.
  const probed = JSON.parse(`${before}${probe}${after}`) as { params?: Shape };
  return isObject(probed.params) && textIn(probed.params) === probe
    ? { before, after, message }
    : undefined;
}

function textIn(params: Shape): string | undefined {
  const { update } = params;
  // What a user said is compared with the prompt, piece by piece.
  if (!isObject(update) || update.sessionUpdate === 'user_message_chunk') return undefined;
  if (!isObject(update.content)) return undefined;
  const { text } = update.content;
  return typeof text === 'string' ? text : undefined;
}

function withText(message: Notification, text: string): Message {
  const { update } = message.params;
  const content = { ...((update as Shape).content as Shape), text };
  return { ...message, params: { ...message.params, update: { ...(update as Shape), content } } };
}

/** What stands between two quotation marks as a string, or undefined if it is more than one literal. */
function readLiteral(inner: string): string | undefined {
  if (isPlain(inner)) return inner;
  try {
    return JSON.parse(`"${inner}"`) as string;
  } catch {
    // More than a string, or not JSON: the long way says what it is.
    return undefined;
  }
}

/** Nothing in it that JSON would write in another way. */
function isPlain(inner: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids them in a literal
  return !/["\\\u0000-\u001f]/.test(inner);
}
