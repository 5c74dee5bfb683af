/** Replaces secrets by `[redacted:<reason>]`, before anything is kept. Knows nothing but what it is given. */
import { findAssignments } from './assignments.ts';
import { findClientPasswords } from './client-passwords.ts';
import { findDashes } from './command-flags.ts';
import { openDeepRedactor } from './deep-value.ts';
import { findElements } from './elements.ts';
import { type Environment, openKnownValues } from './environment.ts';
import { type Hit, takeOut } from './hit.ts';
import { findLongTokens } from './long-tokens.ts';
import { findSpoken } from './spoken-passwords.ts';

export type Redactor = {
  text(value: string): string;
  /** Strings, names and values, at any depth; what has nothing to hide comes back as it is. */
  value<T>(value: T): T;
};

/** Nothing shorter is a secret that could be told from a word. */
const shortestSecret = 6;
/** Taking one out may uncover another; more than this happens only in made-up text. */
const roundLimit = 8;

export function openRedactor({ environment }: { environment: Environment }): Redactor {
  const findKnownValues = openKnownValues(environment);

  function find(text: string): readonly Hit[] {
    const hits: Hit[] = [];
    findKnownValues?.(text, hits);
    findLongTokens(text, hits);
    findAssignments(text, hits);
    findDashes(text, hits);
    findElements(text, hits);
    findSpoken(text, hits);
    findClientPasswords(text, hits);
    return hits;
  }

  function redact(text: string): string {
    if (text.length < shortestSecret) return text;
    let redacted = text;
    for (let round = 0; round < roundLimit; round += 1) {
      const hits = find(redacted);
      const before = redacted;
      if (0 < hits.length) redacted = takeOut(before, hits);
      if (redacted === before) break;
    }
    return redacted;
  }

  const redactDeeply = openDeepRedactor(redact);
  return { text: redact, value: redactDeeply };
}
