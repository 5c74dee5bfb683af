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

  /** Before the object. A byte order mark may come first; anything else makes it no message. */
  function stepBefore(byte: number): Peeked | undefined {
    if (byte !== OPEN_BRACE) return byte > 0x20 && byte < 0x80 ? none : undefined;
    depth = 1;
    isKey = true;
    return undefined;
  }

  function stepInside(byte: number): Peeked | undefined {
    if (byte === QUOTE) {
      inString = true;
      text = '';
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth += 1;
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      depth -= 1;
      if (depth === 0) return none;
    } else if (depth === 1 && byte === COLON) isKey = false;
    else if (depth === 1 && byte === COMMA) isKey = true;
    return undefined;
  }

  return {
    feed(bytes, start, end) {
      for (let at = start; at < end && settled === undefined; at += 1) {
        const byte = bytes[at] as number;
        if (inString) settled = stepInString(byte);
        else settled = depth === 0 ? stepBefore(byte) : stepInside(byte);
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
