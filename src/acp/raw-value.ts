/** Finds the exact text of one value in a line of JSON, for ids that a JavaScript number cannot hold. */

/**
 * The text at a path of keys (`['id']`, `['params', 'requestId']`); the last one counts where a key comes
 * twice, as in JSON.parse. The line is known to be valid JSON.
 */
export function rawValueAt(text: string, path: readonly string[]): string | undefined {
  let found: string | undefined;
  let depth = 0;
  /** How many keys of the path are matched by the objects that we are in. */
  let matched = 0;
  let at = 0;
  while (at < text.length) {
    const char = text.charCodeAt(at);
    if (char === quote) {
      const end = endOfString(text, at);
      const value = startOfValue(text, end);
      if (
        value !== undefined &&
        depth === matched + 1 &&
        keyIs(text.slice(at, end), path[matched])
      ) {
        if (matched === path.length - 1) found = scalarAt(text, value);
        else if (text.charCodeAt(value) === openBrace) matched += 1;
      }
      at = value ?? end;
      continue;
    }
    if (char === openBrace || char === openBracket) depth += 1;
    else if (char === closeBrace || char === closeBracket) {
      depth -= 1;
      // We may have left an object of the path.
      if (matched >= depth) matched = Math.max(0, depth - 1);
    }
    at += 1;
  }
  return found;
}

const quote = 34;
const backslash = 92;
const colon = 58;
const openBrace = 123;
const closeBrace = 125;
const openBracket = 91;
const closeBracket = 93;

function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text.charCodeAt(at) !== quote) {
    at += text.charCodeAt(at) === backslash ? 2 : 1;
  }
  return at + 1;
}

/** Where the value of a key begins; undefined if the string was no key. */
function startOfValue(text: string, end: number): number | undefined {
  let at = skipSpace(text, end);
  if (text.charCodeAt(at) !== colon) return undefined;
  at = skipSpace(text, at + 1);
  return at;
}

function skipSpace(text: string, start: number): number {
  let at = start;
  while (at < text.length && text.charCodeAt(at) <= 32) at += 1;
  return at;
}

function keyIs(raw: string, key: string | undefined): boolean {
  return (
    key !== undefined && (raw === `"${key}"` || (raw.includes('\\') && JSON.parse(raw) === key))
  );
}

function scalarAt(text: string, start: number): string | undefined {
  const first = text.charCodeAt(start);
  if (first === quote) return text.slice(start, endOfString(text, start));
  let end = start;
  while (end < text.length && !/[\s,}\]]/.test(text[end] as string)) end += 1;
  return end === start ? undefined : text.slice(start, end);
}
