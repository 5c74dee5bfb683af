/** Makes one pack by hand: entries gathered in a temporary file, made durable in one go, index last. */
import { createHash, type Hash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import { type PackedObject, writePackIndex } from '../snapshot/pack-index.ts';
import { type Failpoint, nameTemp, removeTemp, writeDurable, writeWhole } from './durable-file.ts';
import type { ObjectType } from './object-id.ts';

export type PackWriter = {
  /** `oid` as 20 bytes. The same object twice is written once. */
  add(type: ObjectType, oid: Uint8Array, bytes: Uint8Array): void;
  /** An entry as another pack has it; must not be a delta. */
  addRaw(oid: Uint8Array, raw: Uint8Array): void;
  has(oid: Uint8Array): boolean;
  readonly count: number;
  /** Durable on return; answers the pack's path, or nothing when it had no objects. What is added later comes into the next one. */
  finish(): string | undefined;
  cancel(): void;
};

const typeNumbers: Readonly<Record<ObjectType, number>> = { commit: 1, tree: 2, blob: 3 };
const flushBytes = 1 << 20;
/** Quick and small to set up; level 6 wins 10% of size and costs twice the time. */
const zlibOptions = { level: 1 } as const;

function packEntry(type: ObjectType, bytes: Uint8Array): Buffer {
  // Trees are mostly object ids, which no packer makes smaller; to try takes longer than all the rest.
  const packed =
    type === 'tree' || isDense(bytes) ? storeBytes(bytes) : deflateSync(bytes, zlibOptions);
  const head: number[] = [];
  let rest = Math.floor(bytes.length / 16);
  let byte = (typeNumbers[type] << 4) | (bytes.length & 15);
  while (rest > 0) {
    head.push(byte | 0x80);
    byte = rest & 0x7f;
    rest = Math.floor(rest / 128);
  }
  head.push(byte);
  return Buffer.concat([Buffer.from(head), packed]);
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

/** The bytes as they are, in zlib's frame. */
function storeBytes(bytes: Uint8Array): Buffer {
  const blocks = Math.max(1, Math.ceil(bytes.length / blockBytes));
  const stored = Buffer.allocUnsafe(bytes.length + blocks * 5 + 6);
  stored.writeUInt16BE(0x7801, 0);
  let at = 2;
  for (let block = 0; block < blocks; block += 1) {
    const part = bytes.subarray(block * blockBytes, (block + 1) * blockBytes);
    stored[at] = block === blocks - 1 ? 1 : 0;
    stored.writeUInt16LE(part.length, at + 1);
    stored.writeUInt16LE(part.length ^ 0xffff, at + 3);
    stored.set(part, at + 5);
    at += 5 + part.length;
  }
  stored.writeUInt32BE(adler32(bytes), at);
  return stored;
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

export function openPackWriter(folder: string, failpoint: Failpoint): PackWriter {
  const temp = join(folder, nameTemp('tmp_pack'));
  let objects = new Map<string, PackedObject>();
  let waiting: Uint8Array[] = [packHead(0)];
  let waitingBytes = 12;
  let offset = 12;
  let fd = -1;

  function begin(): void {
    objects = new Map();
    waiting = [packHead(0)];
    waitingBytes = 12;
    offset = 12;
  }

  function flush(): void {
    if (fd < 0) fd = openSync(temp, 'wx+', 0o600);
    writeWhole(fd, Buffer.concat(waiting));
    waiting = [];
    waitingBytes = 0;
  }

  function addRaw(oid: Uint8Array, raw: Uint8Array): void {
    const key = keyOf(oid);
    if (!objects.has(key)) addNew(key, oid, raw);
  }

  function addNew(key: string, oid: Uint8Array, raw: Uint8Array): void {
    objects.set(key, { oid: Buffer.from(oid), offset, crc: crc32(raw) });
    waiting.push(raw);
    waitingBytes += raw.length;
    offset += raw.length;
    if (waitingBytes > flushBytes) flush();
  }

  function cancel(): void {
    if (fd >= 0) closeSync(fd);
    fd = -1;
    removeTemp(temp);
  }

  return {
    add(type, oid, bytes) {
      const key = keyOf(oid);
      if (!objects.has(key)) addNew(key, oid, packEntry(type, bytes));
    },
    addRaw,
    has: (oid) => objects.has(keyOf(oid)),
    get count() {
      return objects.size;
    },
    cancel,
    finish() {
      if (objects.size === 0) return undefined;
      try {
        const checksum = seal();
        const name = join(folder, `pack-${checksum.toString('hex')}`);
        failpoint('pack-synced');
        renameSync(temp, `${name}.pack`);
        failpoint('pack-renamed');
        writeDurable(`${name}.idx`, indexOf([...objects.values()], checksum), failpoint);
        failpoint('pack-indexed');
        begin();
        return `${name}.pack`;
      } catch (error) {
        cancel();
        throw error;
      }
    },
  };

  function seal(): Buffer {
    const sha = createHash('sha1');
    const head = packHead(objects.size);
    const isWhole = fd < 0;
    if (isWhole) {
      waiting[0] = head;
      for (const part of waiting) sha.update(part);
    } else {
      flush();
      writeWhole(fd, head, 0);
      hashFile(fd, offset, sha);
    }
    const checksum = sha.digest();
    failpoint('pack-gathered');
    waiting.push(checksum);
    flush();
    failpoint('pack-written');
    fsyncSync(fd);
    closeSync(fd);
    fd = -1;
    return checksum;
  }
}

function keyOf(oid: Uint8Array): string {
  return Buffer.from(oid.buffer, oid.byteOffset, 20).toString('latin1');
}

/** The head was written last, so what was written is read once more for the checksum. */
function hashFile(fd: number, length: number, sha: Hash): void {
  const part = Buffer.allocUnsafe(flushBytes);
  for (let at = 0; at < length; ) {
    const count = readSync(fd, part, 0, Math.min(part.length, length - at), at);
    if (count === 0) throw new Error('the pack is shorter than what was written');
    sha.update(part.subarray(0, count));
    at += count;
  }
}

function packHead(count: number): Buffer {
  const head = Buffer.from('PACK\0\0\0\x02\0\0\0\0', 'latin1');
  head.writeUInt32BE(count, 8);
  return head;
}

function indexOf(objects: PackedObject[], packChecksum: Buffer): Buffer {
  const body = Buffer.concat([writePackIndex(sortObjects(objects)), packChecksum]);
  return Buffer.concat([body, createHash('sha1').update(body).digest()]);
}

/** By the first four bytes of their ids, as plain numbers that carry their place; the rest seldom matters. */
function sortObjects(objects: readonly PackedObject[]): PackedObject[] {
  const keys = Float64Array.from(objects, ({ oid: [a = 0, b = 0, c = 0, d = 0] }, place) => {
    const head = a * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d;
    return head * placeLimit + (place % placeLimit);
  }).sort();
  const sorted = Array.from(keys, (key) => objects[key % placeLimit]).filter(
    (one) => one !== undefined,
  );
  const isSorted = sorted.every((one, place) => {
    const before = sorted[place - 1];
    return before === undefined || Buffer.compare(before.oid, one.oid) < 0;
  });
  const isWhole = isSorted && sorted.length === objects.length;
  return isWhole ? sorted : [...objects].sort((a, b) => Buffer.compare(a.oid, b.oid));
}

const placeLimit = 2 ** 20;
