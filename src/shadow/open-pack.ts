/** Reads objects out of one pack, the user's or ours: deltas resolved, nothing loaded that is not asked for. */
import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import { applyDelta, readSize } from '../snapshot/delta.ts';
import { findObject, type PackIndex, readOffset, readPackIndex } from '../snapshot/pack-index.ts';
import type { ObjectType } from './object-id.ts';
import { eachByOffset, openWindow } from './pack-window.ts';

export type StoredObject = { readonly type: ObjectType; readonly bytes: Buffer };

export type Pack = {
  /** Path of the .pack file. */
  readonly file: string;
  readonly index: PackIndex;
  /** It begins and ends as its index says: a pack cut short, or emptied, is seen without reading it. */
  readonly isWhole: boolean;
  /** Offset in the pack, or -1. */
  find(oid: Uint8Array, at: number): number;
  read(offset: number, other: OtherObject): StoredObject | undefined;
  /** Sizes of the objects that begin at these offsets, without reading them; -1 for one that is damaged. */
  readLengths(offsets: Float64Array): Float64Array;
  /** The entry as it lies in the pack, up to `end`. */
  readRaw(offset: number, end: number): Buffer;
  readonly size: number;
  close(): void;
};

/** Its checksum takes some milliseconds. */
const indexLimitBytes = 8 * 1024 * 1024;

/** Where a delta's base is found when it is named by id. */
type OtherObject = (oid: Buffer) => StoredObject | undefined;

const types: Readonly<Record<number, ObjectType>> = { 1: 'commit', 2: 'tree', 3: 'blob' };
const byOffset = 6;
const byId = 7;

type Head = { readonly type: number; readonly size: number; readonly dataAt: number };

export function openPack(file: string): Pack | undefined {
  const bytes = readFileSync(file.replace(/\.pack$/, '.idx'));
  const index = readPackIndex(bytes);
  if (!index) return undefined;
  const fd = openSync(file, 'r');
  const { size } = fstatSync(fd);
  const look = Buffer.alloc(48);

  function readAt(from: number, length: number): Buffer {
    const bytes = Buffer.allocUnsafe(Math.max(0, Math.min(length, size - from)));
    return bytes.subarray(0, fill(bytes, from));
  }

  /** A read may give less than was asked for; what is past the end stays as it was. */
  function fill(bytes: Uint8Array, from: number): number {
    let filled = 0;
    while (filled < bytes.length) {
      const count = readSync(fd, bytes, filled, bytes.length - filled, from + filled);
      if (count === 0) break;
      filled += count;
    }
    return filled;
  }

  /** Deflate never makes data much longer than it was, so this much holds the whole entry. */
  function inflateAt(from: number, length: number): Buffer | undefined {
    const room = length + (length >> 9) + 512;
    // One piece that is never full: a small object takes little room, and a large one is not put together.
    const chunkSize = Math.max(64, length + 1);
    const bytes = inflateSync(readAt(from, room), {
      maxOutputLength: Math.max(length, 1),
      chunkSize,
    });
    return bytes.length === length ? bytes : undefined;
  }

  function lengthOf(bytes: Buffer, at: number, offset: number): number {
    const head = readHead(bytes, at);
    if (types[head.type]) return head.size;
    const dataAt = head.type === byId ? head.dataAt + 20 : readBack(bytes, head.dataAt).next;
    const delta = inflateAt(offset + dataAt - at, head.size);
    if (!delta) return -1;
    const reader = { delta, at: 0 };
    readSize(reader);
    return readSize(reader);
  }

  function read(offset: number, other: OtherObject, depth = 0): StoredObject | undefined {
    fill(look, offset);
    const head = readHead(look, 0);
    const type = types[head.type];
    const at = head.dataAt;
    if (type) {
      const bytes = inflateAt(offset + at, head.size);
      return bytes && { type, bytes };
    }
    if (depth > 4096) return undefined;
    if (head.type === byId) {
      const base = other(Buffer.from(look.subarray(at, at + 20)));
      return base && rebuild(base, inflateAt(offset + at + 20, head.size));
    }
    if (head.type !== byOffset) return undefined;
    const back = readBack(look, at);
    const base = read(offset - back.distance, other, depth + 1);
    return base && rebuild(base, inflateAt(offset + back.next, head.size));
  }

  /** Both end with the pack's checksum; a large index is taken at its word. */
  function checkEnds(): boolean {
    const end = bytes.length - 20;
    const isPack = readAt(0, 4).toString('latin1') === 'PACK';
    if (!isPack || !readAt(size - 20, 20).equals(bytes.subarray(end - 20, end))) return false;
    if (bytes.length > indexLimitBytes) return true;
    return createHash('sha1').update(bytes.subarray(0, end)).digest().equals(bytes.subarray(end));
  }

  return {
    file,
    index,
    isWhole: size >= 32 && checkEnds(),
    size,
    find(oid, at) {
      const place = findObject(index, oid, at);
      return place < 0 ? -1 : readOffset(index, place);
    },
    read: (offset, other) => read(offset, other),
    readLengths(offsets) {
      const lengths = new Float64Array(offsets.length).fill(-1);
      const window = openWindow(fd, size);
      eachByOffset(offsets, (place, offset) => {
        const { bytes, at } = window.show(offset);
        lengths[place] = lengthOf(bytes, at, offset);
      });
      return lengths;
    },
    readRaw: (offset, end) => readAt(offset, end - offset),
    close: () => closeSync(fd),
  };
}

function readHead(look: Buffer, from: number): Head {
  let at = from;
  let byte = look[at] ?? 0;
  const type = (byte >> 4) & 7;
  let size = byte & 15;
  for (let scale = 16; byte & 0x80; scale *= 128) {
    at += 1;
    byte = look[at] ?? 0;
    size += (byte & 0x7f) * scale;
  }
  return { type, size, dataAt: at + 1 };
}

function readBack(look: Buffer, start: number): { distance: number; next: number } {
  let at = start;
  let byte = look[at] ?? 0;
  let distance = byte & 0x7f;
  while (byte & 0x80) {
    at += 1;
    byte = look[at] ?? 0;
    distance = (distance + 1) * 128 + (byte & 0x7f);
  }
  return { distance, next: at + 1 };
}

function rebuild(base: StoredObject, delta: Buffer | undefined): StoredObject | undefined {
  const bytes = delta && applyDelta(base.bytes, delta);
  return bytes && { type: base.type, bytes: Buffer.from(bytes.buffer) };
}
