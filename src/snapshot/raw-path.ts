/** Paths as the disk has them: one character a byte inside the house, text with a way back at its doors. */

/** A path relative to the workspace, `/` between names, each character one byte (0 to 255). */
export type RawPath = string;

const notAscii = /[^\0-\x7f]/;

export function isAscii(text: string): boolean {
  return !notAscii.test(text);
}

/** As text for people and protocols; a byte that is not UTF-8 becomes U+DC80..U+DCFF, so nothing is lost. */
export function showPath(raw: RawPath): string {
  if (isAscii(raw)) return raw;
  let text = '';
  for (let at = 0; at < raw.length; ) {
    const length = sequenceLength(raw, at);
    if (length === 0) {
      text += String.fromCharCode(0xdc00 + raw.charCodeAt(at));
      at += 1;
    } else {
      text += String.fromCodePoint(decode(raw, at, length));
      at += length;
    }
  }
  return text;
}

/** The way back from `showPath`. */
export function readPath(text: string): RawPath {
  if (isAscii(text)) return text;
  let raw = '';
  for (const character of text) raw += encode(character.codePointAt(0) ?? 0);
  return raw;
}

/** How many bytes the character at `at` takes; 0 when they are not UTF-8. */
function sequenceLength(raw: string, at: number): number {
  const first = raw.charCodeAt(at);
  if (first < 0x80) return 1;
  const length = statedLength(first);
  if (length === 0 || at + length > raw.length) return 0;
  for (let next = at + 1; next < at + length; next += 1) {
    if ((raw.charCodeAt(next) & 0xc0) !== 0x80) return 0;
  }
  return isAllowed(decode(raw, at, length), length) ? length : 0;
}

function statedLength(first: number): number {
  if (first < 0xc2 || first > 0xf4) return 0;
  return first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
}

/** Not written longer than need be, not half of a surrogate pair, not past the last character. */
function isAllowed(point: number, length: number): boolean {
  const least = length === 4 ? 0x10000 : length === 3 ? 0x800 : 0x80;
  return point >= least && point <= 0x10ffff && (point < 0xd800 || point > 0xdfff);
}

function decode(raw: string, at: number, length: number): number {
  const first = raw.charCodeAt(at);
  if (length === 1) return first;
  let point = first & (0xff >> (length + 1));
  for (let next = at + 1; next < at + length; next += 1) {
    point = (point << 6) | (raw.charCodeAt(next) & 0x3f);
  }
  return point;
}

function encode(point: number): string {
  if (point < 0x80) return String.fromCharCode(point);
  if (point >= 0xdc80 && point <= 0xdcff) return String.fromCharCode(point - 0xdc00);
  if (point < 0x800) return String.fromCharCode(0xc0 | (point >> 6), 0x80 | (point & 0x3f));
  const tail = [0x80 | ((point >> 6) & 0x3f), 0x80 | (point & 0x3f)];
  if (point < 0x10000) return String.fromCharCode(0xe0 | (point >> 12), ...tail);
  return String.fromCharCode(0xf0 | (point >> 18), 0x80 | ((point >> 12) & 0x3f), ...tail);
}

export function joinPath(folder: RawPath, name: RawPath): RawPath {
  return folder === '' ? name : `${folder}/${name}`;
}

export function folderOf(path: RawPath): RawPath {
  const cut = path.lastIndexOf('/');
  return cut < 0 ? '' : path.slice(0, cut);
}

export function nameOf(path: RawPath): RawPath {
  return path.slice(path.lastIndexOf('/') + 1);
}
