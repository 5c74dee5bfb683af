/** What of a change is an act's own, by the texts that the act told: all else in it is somebody else's, and stays. */
import { mergeInverse } from './merge-lines.ts';

/** One character a byte. */
export type ClaimTexts = {
  readonly before: string;
  readonly after: string;
  /** The texts are whole files, not parts of one. */
  readonly whole: boolean;
};

/** The text without what was claimed, the last claim first; undefined where one is not found in it, or not surely. */
export function withoutClaims(text: string, claims: readonly ClaimTexts[]): string | undefined {
  let rest: string | undefined = text;
  for (const claim of [...claims].reverse()) {
    if (rest === undefined) return undefined;
    rest = claim.whole ? takeOutOfWhole(rest, claim) : takeOut(rest, claim);
  }
  return rest;
}

function takeOutOfWhole(now: string, { before, after }: ClaimTexts): string | undefined {
  if (now === after) return before;
  const merge = mergeInverse({ before, after, now });
  return merge.kind === 'merged' ? merge.text : undefined;
}

/** A part that is there twice could be either. */
function takeOut(text: string, { before, after }: ClaimTexts): string | undefined {
  const at = after === '' ? -1 : text.indexOf(after);
  if (at < 0 || text.indexOf(after, at + 1) >= 0) return undefined;
  return text.slice(0, at) + before + text.slice(at + after.length);
}
