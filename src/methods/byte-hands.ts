/** What attribution does with the bytes of texts, as quickly as it can be done. */
import { createHash } from 'node:crypto';
import type { ByteHands } from '../attribution/open-draft.ts';

export const byteHands: ByteHands = {
  write(text, target) {
    viewOf(target).write(text, 'latin1');
  },
  find: (bytes, part, from) => viewOf(bytes).indexOf(part, from, 'latin1'),
  name: (bytes) => createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex'),
};

function viewOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
