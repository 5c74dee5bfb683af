/** Where a block of text can be put before a prompt's own, so that all other bytes of its line stay as they are. */
import { rawPlaceAt } from './raw-value.ts';

export type PromptPlace = {
  /** What stands before it in the line. */
  readonly before: string;
  /** The block as it goes there. */
  readonly block: string;
};

/** `uri`: it goes as a resource of that name, which only some agents take. */
export type Words = { readonly text: string; readonly uri?: string };

/** Undefined where the line is no prompt as the protocol has it, or where its bytes cannot be counted. */
export function placeBeforePrompt(line: string, { text, uri }: Words): PromptPlace | undefined {
  const place = rawPlaceAt(line, ['params', 'prompt']);
  if (place === undefined || line[place.start] !== '[') return undefined;
  const before = line.slice(0, place.start + 1);
  // What was no UTF-8 looks like this, and was of another length.
  if (before.includes('\ufffd')) return undefined;
  const isEmpty = line.slice(place.start + 1, place.end).trim() === ']';
  const resource = { uri, mimeType: 'text/plain', text };
  const block = JSON.stringify(
    uri === undefined ? { type: 'text', text } : { type: 'resource', resource },
  );
  return { before, block: isEmpty ? block : `${block},` };
}
