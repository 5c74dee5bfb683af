/** Kinds of characters as a table: many times faster than asking a pattern about each one. */

const table = new Uint8Array(128);

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const digits = '0123456789';

/** Bits of the table. */
export const inRun = 1;
export const inName = 2;
/** Between a name and its separator: a space, a bracket, what closes a quoted name. */
export const closesName = 4;
export const isQuote = 8;
export const isDigit = 16;
export const isDash = 32;

function mark(signs: string, bit: number): void {
  for (const sign of signs) table[sign.charCodeAt(0)] = (table[sign.charCodeAt(0)] ?? 0) | bit;
}

mark(`${letters}${digits}_-`, inRun);
mark(`${letters}${digits}_-.`, inName);
mark(' \t"\'`\\*?!(', closesName);
mark('"\'`', isQuote);
mark(digits, isDigit);
mark('_-', isDash);

/** Whether a character is of that kind, by its code. */
export const isOf = (code: number, bit: number) => code < 128 && ((table[code] ?? 0) & bit) !== 0;

/** Whether the character at `at` is; false outside the text. (Reading outside gives NaN, and is slow.) */
export const isAt = (text: string, at: number, bit: number) =>
  0 <= at && at < text.length && isOf(text.charCodeAt(at), bit);
