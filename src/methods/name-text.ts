/** Git's blob id of a text that has one character a byte. */
import { createHash } from 'node:crypto';

export function nameText(text: string): string {
  const bytes = Buffer.from(text, 'latin1');
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}
