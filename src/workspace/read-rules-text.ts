/** The text of a file of rules, one character a byte: undefined where git would go on without it as well. */
import { readFileSync } from 'node:fs';

export function readRulesText(place: string | Buffer): string | undefined {
  try {
    return readFileSync(place, 'latin1');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Not there, not a file, or not ours to read.
    if (code === undefined) throw error;
    return undefined;
  }
}
