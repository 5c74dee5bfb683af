/** Where a block of text can be put before a prompt's own, so that all other bytes of its line stay as they are. */
import { rawPlaceAt } from './raw-value.ts';

export type PromptPlace = {
  /** What stands before it in the line. */
  readonly before: string;
  /** The block as it goes there. */
  readonly block: string;
};

/** Undefined where the line is no prompt as the protocol has it, or where its bytes cannot be counted. */
export function placeBeforePrompt(line: string, text: string): PromptPlace | undefined {
  const place = rawPlaceAt(line, ['params', 'prompt']);
  if (place === undefined || line[place.start] !== '[') return undefined;
  const before = line.slice(0, place.start + 1);
  // What was no UTF-8 looks like this, and was of another length.
  if (before.includes('\ufffd')) return undefined;
  const isEmpty = line.slice(place.start + 1, place.end).trim() === ']';
  const block = JSON.stringify({ type: 'text', text });
  return { before, block: isEmpty ? block : `${block},` };
}
