/** What is kept of a tool's output: its size and hash, and for commands its beginning and its end. */
import type { Output } from '../contract/types.gen.ts';
import { headOf, tailOf } from './cut-text.ts';
import type { Gifts } from './talk.ts';

const wholeLimitBytes = 4096;
/** Together, and with the mark between them, they are not longer than a whole. */
const headLimitBytes = 1020;
const tailLimitBytes = 3070;

/** Tools of these kinds answer with what is in files, and that never goes into an event. */
const fileKinds = new Set(['read', 'edit', 'delete', 'move', 'search']);

export function showsText(toolKind: string | undefined): boolean {
  return toolKind === undefined || !fileKinds.has(toolKind);
}

export function measureOutput(gifts: Gifts, text: string): Output {
  return { bytes: gifts.sizeOf(text), sha256: gifts.sha256(text) };
}

export function excerptOutput(gifts: Gifts, text: string): Output {
  const measured = measureOutput(gifts, text);
  if (measured.bytes <= wholeLimitBytes) return { ...measured, text };
  const head = shorten(text, headLimitBytes, gifts.sizeOf, headOf);
  const tail = shorten(text, tailLimitBytes, gifts.sizeOf, tailOf);
  return { ...measured, text: `${head}\n…\n${tail}`, cut: true };
}

/** The limits are in bytes and texts are cut by characters: two tries are enough to be under them. */
function shorten(
  text: string,
  limitBytes: number,
  sizeOf: Gifts['sizeOf'],
  cut: (text: string, limit: number) => string,
): string {
  const piece = cut(text, limitBytes);
  const bytes = sizeOf(piece);
  if (bytes <= limitBytes) return piece;
  return cut(text, Math.floor((limitBytes * piece.length) / bytes / 2));
}
