/** Cuts a text that is nearly another into lines: what both have in common is cut, and kept, only once. */
import { cutLines, type Text } from './text-lines.ts';

/** So much is compared at once: whole pieces are compared as quickly as memory is read. */
const pieceChars = 4096;

/** The same lines as `cutLines` gives; those alike are the very same strings, which are compared in no time. */
export function cutAlike(base: Text, text: string): readonly string[] {
  if (text === base.text) return base.lines;
  const limit = Math.min(base.text.length, text.length);
  const start = text.slice(0, countAlike(base.text, text, limit)).lastIndexOf('\n') + 1;
  const end = text.length - countAlikeAtEnd(base.text, text, limit - start);
  const breakAt = text.indexOf('\n', end);
  const rest = breakAt < 0 ? text.length : breakAt + 1;
  const first = countLines(base.lines, start);
  const last = base.lines.length - countLinesAtEnd(base, text.length - rest);
  const middle = cutLines(copyText(text.slice(start, rest)));
  return base.lines.slice(0, first).concat(middle, base.lines.slice(last));
}

function countAlike(one: string, other: string, limit: number): number {
  let at = 0;
  for (; at + pieceChars <= limit; at += pieceChars)
    if (one.slice(at, at + pieceChars) !== other.slice(at, at + pieceChars)) break;
  while (at < limit && one.charCodeAt(at) === other.charCodeAt(at)) at += 1;
  return at;
}

function countAlikeAtEnd(one: string, other: string, limit: number): number {
  const [oneEnd, otherEnd] = [one.length, other.length];
  const isSame = (from: number, to: number) =>
    one.slice(oneEnd - to, oneEnd - from) === other.slice(otherEnd - to, otherEnd - from);
  let at = 0;
  for (; at + pieceChars <= limit; at += pieceChars) if (!isSame(at, at + pieceChars)) break;
  while (at < limit && one.charCodeAt(oneEnd - 1 - at) === other.charCodeAt(otherEnd - 1 - at))
    at += 1;
  return at;
}

/** How many lines the first characters are, where these end with one. */
function countLines(lines: readonly string[], chars: number): number {
  let count = 0;
  for (let left = chars; left > 0; count += 1) left -= (lines[count] ?? '').length + 1;
  return count;
}

function countLinesAtEnd({ text, lines }: Text, chars: number): number {
  let count = 0;
  // The last line of a text may have no end.
  let left = text.endsWith('\n') ? chars : chars + 1;
  if (chars === 0) return 0;
  for (; left > 0; count += 1) left -= (lines[lines.length - 1 - count] ?? '').length + 1;
  return count;
}

/** A part of a text holds the whole of it in memory; a copy does not. */
function copyText(part: string): string {
  return ` ${part}`.slice(1);
}
