/** Git's names for bytes: the SHA-1 of a header and the bytes. */
import { createHash, hash } from 'node:crypto';

export type ObjectType = 'commit' | 'tree' | 'blob';

/** Forty hex digits. */
export type Oid = string;

export function idOf(type: ObjectType, bytes: Uint8Array): Buffer {
  const header = `${type} ${bytes.length}\0`;
  if (bytes.length > 65_536) return createHash('sha1').update(header).update(bytes).digest();
  return hash('sha1', Buffer.concat([Buffer.from(header), bytes]), 'buffer');
}

export const emptyTree: Oid = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
