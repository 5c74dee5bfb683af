/** A text as attribution sees it: lines without their ends. */

/** Texts have one character a byte, so that any encoding comes through as it was. */
export type Text = { readonly text: string; readonly lines: readonly string[] };

const charLimit = 1 << 20;
export const lineLimit = 20_000;
/** As git does it. */
const binaryLook = 8000;

export function readText(raw: string): Text {
  const text = normalizeText(raw);
  return { text, lines: cutLines(text) };
}

/** How lines end, and a mark at the beginning, are nobody's work. */
export function normalizeText(raw: string): string {
  const bare = raw.startsWith('\xef\xbb\xbf') ? raw.slice(3) : raw;
  const isDos = bare.includes('\r\n');
  return isDos ? bare.replaceAll('\r\n', '\n').replace(/\r$/, '') : bare;
}

export function cutLines(text: string): string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

export function isBinary(raw: string): boolean {
  const zero = raw.indexOf('\0');
  return zero >= 0 && zero < binaryLook;
}

/** Larger ones are known as a whole only. */
export function isLinewise(raw: string): boolean {
  if (!isText(raw)) return false;
  let lines = raw.endsWith('\n') ? 0 : 1;
  for (let at = raw.indexOf('\n'); at >= 0; at = raw.indexOf('\n', at + 1)) lines += 1;
  return lines <= lineLimit;
}

/** As long as its lines are not too many. */
export function isText(raw: string): boolean {
  return isShort(raw.length) && !isBinary(raw);
}

export function isShort(chars: number): boolean {
  return chars <= charLimit;
}

/** A line that is hardly written twice by chance. */
export function isDistinctive(line: string): boolean {
  return (line.match(/[\p{L}\p{N}\x80-\xff]/gu)?.length ?? 0) >= 4;
}
