/** Makes a file that only its owner can read, before SQLite makes it as the umask says. */
import { closeSync, openSync } from 'node:fs';
import { readRefusal } from './refusal.ts';

/** The files that SQLite makes beside it get the same rights. */
export function makePrivateFile(path: string): void {
  try {
    closeSync(openSync(path, 'a', 0o600));
  } catch (error) {
    // What the system refuses here it refuses SQLite too, which is asked next and says so.
    if (readRefusal(error, path) === undefined) throw error;
  }
}
