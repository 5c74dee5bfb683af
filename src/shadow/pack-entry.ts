/** An object as an entry of a pack: its type and length, then its bytes in zlib's frame. */
import { deflateSync } from 'node:zlib';
import type { ObjectType } from './object-id.ts';

/** Answers bytes to be written at; what was written is taken by its length. */
export type MakeRoom = (length: number) => { readonly bytes: Buffer; readonly at: number };

const typeNumbers: Readonly<Record<ObjectType, number>> = { commit: 1, tree: 2, blob: 3 };
/** Quick and small to set up; level 6 wins 10% of size and costs twice the time. */
const zlibOptions = { level: 1 } as const;
const headBytes = 10;

/** Answers how long it is. */
export function layEntry(type: ObjectType, content: Uint8Array, makeRoom: MakeRoom): number {
  // Trees are mostly object ids, which no packer makes smaller; to try takes longer than all the rest.
  const isStored = type === 'tree' || isDense(content);
  const packed = isStored ? undefined : deflateSync(content, zlibOptions);
  const { bytes, at } = makeRoom(headBytes + (packed?.length ?? storedLength(content)));
  let end = layHead(bytes, at, typeNumbers[type], content.length);
  if (packed === undefined) end = layStored(bytes, end, content);
  else {
    bytes.set(packed, end);
    end += packed.length;
  }
  return end - at;
}

function layHead(bytes: Buffer, from: number, type: number, length: number): number {
  let at = from;
  let rest = Math.floor(length / 16);
  let byte = (type << 4) | (length & 15);
  while (rest > 0) {
    bytes[at] = byte | 0x80;
    at += 1;
    byte = rest & 0x7f;
    rest = Math.floor(rest / 128);
  }
  bytes[at] = byte;
  return at + 1;
}

const denseFromBytes = 8 << 20;
const sampleBytes = 256 << 10;

/** Films, archives, weights: to find out that they get no smaller would take seconds. */
function isDense(bytes: Uint8Array): boolean {
  if (bytes.length < denseFromBytes) return false;
  const middle = bytes.length >> 1;
  const sample = bytes.subarray(middle, middle + sampleBytes);
  return deflateSync(sample, zlibOptions).length > sample.length * 0.95;
}

const blockBytes = 65_535;

function storedLength({ length }: Uint8Array): number {
  return length + Math.max(1, Math.ceil(length / blockBytes)) * 5 + 6;
}

/** The bytes as they are, in zlib's frame. */
function layStored(stored: Buffer, from: number, bytes: Uint8Array): number {
  const blocks = Math.max(1, Math.ceil(bytes.length / blockBytes));
  let at = from;
  stored[at] = 0x78;
  stored[at + 1] = 0x01;
  at += 2;
  for (let block = 0; block < blocks; block += 1) {
    const part = bytes.subarray(block * blockBytes, (block + 1) * blockBytes);
    stored[at] = block === blocks - 1 ? 1 : 0;
    stored.writeUInt16LE(part.length, at + 1);
    stored.writeUInt16LE(part.length ^ 0xffff, at + 3);
    stored.set(part, at + 5);
    at += 5 + part.length;
  }
  stored.writeUInt32BE(adler32(bytes), at);
  return at + 4;
}

/** As many bytes as can be summed up before the sums outgrow 31 bits. */
const sumBytes = 3800;

function adler32(bytes: Uint8Array): number {
  let low = 1;
  let high = 0;
  for (let from = 0; from < bytes.length; from += sumBytes) {
    const end = Math.min(from + sumBytes, bytes.length);
    for (let at = from; at < end; at += 1) {
      low += bytes[at] ?? 0;
      high += low;
    }
    low %= 65_521;
    high %= 65_521;
  }
  return high * 65_536 + low;
}
