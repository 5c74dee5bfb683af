/** Where a text may be cut so that a secret does not end up half in one piece and half in the next. */

const pemBegin = '-----BEGIN ';
const pemEnd = '-----END ';
/** No key is longer than this. */
const blockLength = 16_384;

/**
 * How much of a growing text may be given out now: at most `limit` characters, up to a line's end if there is
 * one, else up to a space; a key block stays whole. 0 if it is better to wait for more.
 */
export function cutPoint(text: string, limit: number, atSpaces: boolean): number {
  const window = text.slice(0, limit);
  const cut = lineCut(window) || (atSpaces ? spaceCut(window) : 0);
  return beforeKeyBlock(window, cut);
}

/**
 * How much of a growing text may be shown while it grows: up to its last space, or the last sign of a script
 * that needs none, for what follows may be the beginning of a secret; a key block is waited for.
 */
export function safeLength(text: string): number {
  for (let at = text.length - 1; 0 <= at; at -= 1) {
    const char = text.charCodeAt(at);
    if (isSpace(char) && !endsInName(text, at)) return beforeKeyBlock(text, at + 1);
    if (isUnspaced(char)) return beforeKeyBlock(text, at + 1);
  }
  return 0;
}

/** Chinese, Japanese and the like: no token that opens a door is written in them. */
function isUnspaced(char: number): boolean {
  return 0x2e80 <= char && char < 0xd800;
}

function endsInName(text: string, at: number): boolean {
  return /[:=]\s*$/.test(text.slice(Math.max(0, at - 8), at + 1));
}

/** Cuts somewhere, for a text that is too long to wait any longer; only never inside a character. */
export function hardCut(text: string, limit: number): number {
  if (text.length <= limit) return text.length;
  return isHighHalf(text.charCodeAt(limit - 1)) ? limit - 1 : limit;
}

/** How much of a whole text goes into its next part: at most `limit`, and where no secret ends up in two parts. */
export function cutPart(text: string, limit: number): number {
  if (text.length <= limit) return text.length;
  return cutPoint(text, limit, true) || hardCut(text, limit);
}

/** The first half of a character outside the basic plane. */
function isHighHalf(char: number): boolean {
  return char >= 0xd800 && char <= 0xdbff;
}

/** After the last empty line in the second half, else after the last line. */
function lineCut(text: string): number {
  const paragraph = text.lastIndexOf('\n\n');
  if (paragraph > text.length / 2) return paragraph + 2;
  return text.lastIndexOf('\n') + 1;
}

/** After the last space that does not stand between a name and its value (`token: abc`, `key = abc`). */
function spaceCut(text: string): number {
  for (let at = text.length - 1; at > 0; at -= 1) {
    if (isSpace(text.charCodeAt(at)) && !endsInName(text, at)) return at + 1;
  }
  return 0;
}

function isSpace(char: number): boolean {
  return char <= 32 || char === 160;
}

/** A block that begins before the cut and does not end before it goes into the next piece. */
function beforeKeyBlock(text: string, cut: number): number {
  const begin = text.lastIndexOf(pemBegin, cut);
  if (begin < 0) return cut;
  const end = text.indexOf(pemEnd, begin);
  const dashes = end < 0 ? -1 : text.indexOf('-----', end + pemEnd.length);
  if (dashes >= 0 && dashes + 5 <= cut) return cut;
  return text.lastIndexOf('\n', begin) + 1;
}

/** The beginning of a text, without the token that the limit would cut through. */
export function headOf(text: string, limit: number): string {
  if (text.length <= limit) return text;
  let cut = limit;
  while (cut > 0 && isToken(text.charCodeAt(cut - 1)) && isToken(text.charCodeAt(cut))) cut -= 1;
  cut -= isHighHalf(text.charCodeAt(cut - 1)) ? 1 : 0;
  // One token longer than the limit: better nothing than half of what may be a secret.
  return text.slice(0, beforeKeyBlock(text.slice(0, limit), cut));
}

/** The end of a text, without the token that the limit would cut through. */
export function tailOf(text: string, limit: number): string {
  if (text.length <= limit) return text;
  let cut = text.length - limit;
  while (cut < text.length && isToken(text.charCodeAt(cut - 1)) && isToken(text.charCodeAt(cut)))
    cut += 1;
  cut += isHighHalf(text.charCodeAt(cut - 1)) ? 1 : 0;
  return text.slice(afterKeyBlock(text, cut));
}

/** If the cut is inside a key block, the place after it; a block without an end is believed for a while. */
function afterKeyBlock(text: string, cut: number): number {
  const begin = text.lastIndexOf(pemBegin, cut);
  if (begin < 0) return cut;
  const end = text.indexOf(pemEnd, begin);
  if (end < 0) return cut - begin < blockLength ? text.length : cut;
  const newline = text.indexOf('\n', end);
  return Math.max(cut, newline < 0 ? text.length : newline + 1);
}

/** Letters, digits and what secrets are made of: a cut between two of these may be inside one. */
function isToken(char: number): boolean {
  return (
    (char >= 48 && char <= 57) || isLetter(char) || '+/=_-.~%$'.includes(String.fromCharCode(char))
  );
}

function isLetter(char: number): boolean {
  return (char >= 65 && char <= 90) || (char >= 97 && char <= 122);
}
