/** Git's blob id of bytes, as git has them when nothing converts them. */
import { hash } from 'node:crypto';

export function nameBlob(bytes: Uint8Array): string {
  return hash('sha1', Buffer.concat([Buffer.from(`blob ${bytes.length}\0`), bytes]), 'hex');
}
