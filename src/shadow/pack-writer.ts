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
  /** Durable on return; answers the pack's path, or nothing when it had no objects. */
  finish(): string | undefined;
  cancel(): void;
};

const typeNumbers: Readonly<Record<ObjectType, number>> = { commit: 1, tree: 2, blob: 3 };
const flushBytes = 1 << 20;
/** Quick and small to set up; level 6 wins 10% of size and costs twice the time. */
const zlibOptions = { level: 1 } as const;

function deflateEntry(type: ObjectType, bytes: Uint8Array): Buffer {
  const packed = deflateSync(bytes, zlibOptions);
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

export function openPackWriter(folder: string, failpoint: Failpoint): PackWriter {
  const temp = join(folder, nameTemp('tmp_pack'));
  const objects = new Map<string, PackedObject>();
  let waiting: Uint8Array[] = [packHead(0)];
  let waitingBytes = 12;
  let offset = 12;
  let fd = -1;

  function flush(): void {
    if (fd < 0) fd = openSync(temp, 'wx+', 0o600);
    writeWhole(fd, Buffer.concat(waiting));
    waiting = [];
    waitingBytes = 0;
  }

  function addRaw(oid: Uint8Array, raw: Uint8Array): void {
    const key = keyOf(oid);
    if (objects.has(key)) return;
    objects.set(key, { oid: Uint8Array.from(oid), offset, crc: crc32(raw) });
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
      if (!objects.has(keyOf(oid))) addRaw(oid, deflateEntry(type, bytes));
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
  objects.sort((a, b) => Buffer.compare(a.oid, b.oid));
  const body = Buffer.concat([writePackIndex(objects), packChecksum]);
  return Buffer.concat([body, createHash('sha1').update(body).digest()]);
}
