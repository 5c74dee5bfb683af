/** Makes one pack by hand: entries gathered in a temporary file, made durable in one go, index last. */
import { createHash, type Hash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { writePackIndex } from '../snapshot/pack-index.ts';
import { type Failpoint, nameTemp, removeTemp, writeDurable, writeWhole } from './durable-file.ts';
import type { ObjectType } from './object-id.ts';
import { layEntry } from './pack-entry.ts';
import { openPackList, type PackList } from './pack-list.ts';

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

const flushBytes = 1 << 20;
const waitingAtFirst = 1 << 14;
const headBytes = 12;

export function openPackWriter(folder: string, failpoint: Failpoint): PackWriter {
  const temp = join(folder, nameTemp('tmp_pack'));
  let list: PackList;
  /** What is not in the file yet. */
  let waiting = Buffer.alloc(0);
  let length: number;
  /** Where in the pack the waiting begins. */
  let written: number;
  let fd = -1;

  function begin(): void {
    list = openPackList();
    written = 0;
    length = 0;
    makeRoom(headBytes);
    layHead(waiting, 0);
    length = headBytes;
  }

  function makeRoom(more: number) {
    if (length + more > waiting.length) {
      const larger = Buffer.allocUnsafeSlow(
        Math.max(waitingAtFirst, waiting.length * 2, length + more),
      );
      waiting.copy(larger, 0, 0, length);
      waiting = larger;
    }
    return { bytes: waiting, at: length };
  }

  function flush(): void {
    if (fd < 0) fd = openSync(temp, 'wx+', 0o600);
    writeWhole(fd, waiting.subarray(0, length));
    written += length;
    length = 0;
    // A single one can be large.
    if (waiting.length > flushBytes * 4) waiting = Buffer.alloc(0);
  }

  /** Of an entry that is laid behind what waits. */
  function admit(oid: Uint8Array, added: number): void {
    const entry = waiting.subarray(length, length + added);
    list.add(oid, written + length, crc32(entry));
    length += added;
    if (length > flushBytes) flush();
  }

  function cancel(): void {
    if (fd >= 0) closeSync(fd);
    fd = -1;
    removeTemp(temp);
  }

  begin();
  return {
    add(type, oid, bytes) {
      if (!list.has(oid)) admit(oid, layEntry(type, bytes, makeRoom));
    },
    addRaw(oid, raw) {
      if (list.has(oid)) return;
      const { bytes, at } = makeRoom(raw.length);
      bytes.set(raw, at);
      admit(oid, raw.length);
    },
    has: (oid) => list.has(oid),
    get count() {
      return list.count;
    },
    cancel,
    finish() {
      if (list.count === 0) return undefined;
      try {
        const checksum = seal();
        const name = join(folder, `pack-${checksum.toString('hex')}`);
        failpoint('pack-synced');
        renameSync(temp, `${name}.pack`);
        failpoint('pack-renamed');
        writeDurable(`${name}.idx`, indexOf(list, checksum), failpoint);
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
    if (fd < 0) {
      layHead(waiting, list.count);
      sha.update(waiting.subarray(0, length));
    } else {
      flush();
      writeWhole(fd, layHead(Buffer.alloc(headBytes), list.count), 0);
      hashFile(fd, written, sha);
    }
    const checksum = sha.digest();
    failpoint('pack-gathered');
    const { bytes, at } = makeRoom(checksum.length);
    bytes.set(checksum, at);
    length += checksum.length;
    flush();
    failpoint('pack-written');
    fsyncSync(fd);
    closeSync(fd);
    fd = -1;
    return checksum;
  }
}

/** A temporary file that even now cannot be removed is left to the next pruning. */
export function cancelPack(pack: PackWriter): void {
  try {
    pack.cancel();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
  }
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

function layHead(bytes: Buffer, count: number): Buffer {
  bytes.write('PACK\0\0\0\x02', 'latin1');
  bytes.writeUInt32BE(count, 8);
  return bytes;
}

function indexOf(list: PackList, packChecksum: Buffer): Buffer {
  const body = Buffer.concat([writePackIndex(list.sort()), packChecksum]);
  return Buffer.concat([body, createHash('sha1').update(body).digest()]);
}
