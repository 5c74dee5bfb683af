/** Finds the method of a message in its first bytes, without parsing the rest. */

export type Peeked =
  /** More bytes are needed. */
  | { readonly kind: 'unknown' }
  /** Not a request or notification: an answer, or no JSON object at all. */
  | { readonly kind: 'none' }
  | { readonly kind: 'method'; readonly method: string };

export type MethodPeeker = { feed(bytes: Buffer, start: number, end: number): Peeked };

const unknown: Peeked = { kind: 'unknown' };
const none: Peeked = { kind: 'none' };

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const COLON = 0x3a;
const COMMA = 0x2c;
/** No method that clew waits for has a longer name, so a longer one need not be gathered. */
const nameLimitBytes = 128;

/**
 * A scanner over the bytes of one line that keeps its place between chunks, so that a line of any
 * length costs one pass however it is cut. It knows strings and depth, and nothing else of JSON.
 */
export function openMethodPeeker(): MethodPeeker {
  let depth = 0;
  let inString = false;
  let escaped = false;
  let isKey = false;
  let key = '';
  let text = '';
  let settled: Peeked | undefined;

  function closeString(): Peeked | undefined {
    if (depth !== 1) return undefined;
    const value = decode(text);
    if (isKey) {
      key = value;
      return key === 'result' || key === 'error' ? none : undefined;
    }
    return key === 'method' ? { kind: 'method', method: value } : undefined;
  }

  function stepInString(byte: number): Peeked | undefined {
    if (byte === QUOTE && !escaped) {
      inString = false;
      return closeString();
    }
    escaped = byte === BACKSLASH && !escaped;
    if (depth === 1 && text.length < nameLimitBytes) text += String.fromCharCode(byte);
    return undefined;
  }

  function stepOutside(byte: number): Peeked | undefined {
    switch (byte) {
      case QUOTE:
        inString = true;
        text = '';
        return depth === 0 ? none : undefined;
      case OPEN_BRACE:
      case OPEN_BRACKET:
        if (depth === 0 && byte === OPEN_BRACKET) return none;
        depth += 1;
        isKey = depth === 1;
        return undefined;
      case CLOSE_BRACE:
      case CLOSE_BRACKET:
        depth -= 1;
        return depth <= 0 ? none : undefined;
      case COLON:
        if (depth === 1) isKey = false;
        return depth === 0 ? none : undefined;
      case COMMA:
        if (depth === 1) isKey = true;
        return depth === 0 ? none : undefined;
      default:
        // A byte order mark may come first; anything else before the brace is not a message.
        return depth === 0 && byte > 0x20 && byte < 0x80 ? none : undefined;
    }
  }

  return {
    feed(bytes, start, end) {
      for (let at = start; at < end && settled === undefined; at += 1) {
        const byte = bytes[at] as number;
        settled = inString ? stepInString(byte) : stepOutside(byte);
      }
      return settled ?? unknown;
    },
  };
}

function decode(text: string): string {
  if (!text.includes('\\')) return text;
  try {
    return String(JSON.parse(`"${text}"`));
  } catch {
    // Not a string that JSON knows; it names no method of ours.
    return text;
  }
}
