/** Git's names for bytes: the SHA-1 of a header and the bytes. */
import { createHash, hash } from 'node:crypto';

export type ObjectType = 'commit' | 'tree' | 'blob';

/** Forty hex digits. */
export type Oid = string;

export function idOf(type: ObjectType, bytes: Uint8Array): Buffer {
  const header = `${type} ${bytes.length}\0`;
  if (bytes.length > 65_536) return createHash('sha1').update(header).update(bytes).digest();
  const whole = hashing.subarray(0, header.length + bytes.length);
  whole.write(header, 'latin1');
  whole.set(bytes, header.length);
  // As hex: node is twice as quick with it as with bytes.
  return Buffer.from(hash('sha1', whole, 'hex'), 'hex');
}

const hashing = Buffer.allocUnsafeSlow(65_536 + 32);

export const emptyTree: Oid = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
