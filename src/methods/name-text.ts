/** Git's blob id of a text that has one character a byte. */
import { createHash } from 'node:crypto';

export function nameText(text: string): string {
  return createHash('sha1').update(`blob ${text.length}\0`).update(text, 'latin1').digest('hex');
}
