/** Finds the exact text of one value in a line of JSON, for ids that a JavaScript number cannot hold. */

/** The text at a path of keys (`['id']`, `['params', 'requestId']`). The line is known to be valid JSON. */
export function rawValueAt(text: string, path: readonly string[]): string | undefined {
  const place = rawPlaceAt(text, path);
  return place && text.slice(place.start, place.end);
}

/** Where that text is, without the space around it. */
export function rawPlaceAt(text: string, path: readonly string[]): Place | undefined {
  let found: Place | undefined = { start: 0, end: text.length };
  for (const key of path) found = found && memberOf(text, found, key);
  return found;
}

type Place = { readonly start: number; readonly end: number };

/** The place of one member of an object; the last one counts where a key comes twice, as in JSON.parse. */
function memberOf(text: string, object: Place, key: string): Place | undefined {
  let found: Place | undefined;
  let at = text.indexOf('{', object.start) + 1;
  while (at > 0 && at < object.end) {
    const start = text.indexOf('"', at);
    if (start < 0 || object.end <= start) break;
    const end = endOfString(text, start);
    const value = text.indexOf(':', end) + 1;
    at = endOfValue(text, value);
    if (isKey(text.slice(start, end), key)) found = trimPlace(text, value, at);
  }
  return found;
}

function trimPlace(text: string, start: number, end: number): Place {
  const value = text.slice(start, end);
  const begin = start + value.length - value.trimStart().length;
  return { start: begin, end: begin + value.trim().length };
}

function isKey(raw: string, key: string): boolean {
  return raw === `"${key}"` || (raw.includes('\\') && JSON.parse(raw) === key);
}

const quote = 34;
const backslash = 92;
const comma = 44;

/** The place after a string that begins at `start`. */
export function endOfString(text: string, start: number): number {
  let at = text.indexOf('"', start + 1);
  while (at >= 0 && isEscaped(text, at)) at = text.indexOf('"', at + 1);
  return (at < 0 ? text.length : at) + 1;
}

/** After an odd number of backslashes. */
function isEscaped(text: string, at: number): boolean {
  let first = at;
  while (text.charCodeAt(first - 1) === backslash) first -= 1;
  return (at - first) % 2 === 1;
}

/** The place of the comma or the bracket that ends a value. */
function endOfValue(text: string, start: number): number {
  let depth = 0;
  let at = start;
  while (at < text.length) {
    const char = text.charCodeAt(at);
    if (depth === 0 && (char === comma || bracketStep(char) < 0)) return at;
    depth += bracketStep(char);
    at = char === quote ? endOfString(text, at) : at + 1;
  }
  return at;
}

/** 1 for an opening bracket or brace, -1 for a closing one: they differ only in bit 5. */
export function bracketStep(char: number): -1 | 0 | 1 {
  if ((char & ~32) === 91) return 1;
  return (char & ~32) === 93 ? -1 : 0;
}
