/** Reads a file so that what was read is one version of it: stat, read, stat again. */
import {
  type BigIntStats,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readlinkSync,
  readSync,
} from 'node:fs';
import type { RawPath } from '../snapshot/raw-path.ts';
import { kinds, type Seen } from '../snapshot/table.ts';
import type { Reading } from '../snapshot/workspace-port.ts';
import { placeOf, readStat, seenOf } from './read-seen.ts';

const tries = 5;
/** Kernels stamp files by a clock that ticks every 1 to 10 ms; some file systems by whole seconds or two. */
const tickNanos = 100_000_000n;
const coarseNanos = 2_100_000_000n;

export function readFileWhole(root: string, path: RawPath, limitBytes: number): Reading {
  const place = placeOf(root, path);
  let reading = readOnce(place, limitBytes);
  for (let turn = 1; turn < tries && !isSettled(reading); turn += 1) {
    reading = readOnce(place, limitBytes);
  }
  // A file that never rests: its last reading, marked young, to be looked at again next time.
  return reading;
}

/** A path that changed its nature under our hands is looked at again, as a file that moved is. */
const moved = 'moved';

function isSettled(reading: Reading): boolean {
  if (reading.kind === 'unreadable' || reading.kind === 'hidden') return reading.why !== moved;
  return reading.kind !== 'read' || reading.steady;
}

function readOnce(place: string | Buffer, limitBytes: number): Reading {
  const startMs = Date.now();
  const stat = tryStat(place);
  if (typeof stat === 'string') return { kind: 'hidden', why: stat };
  if (stat === undefined) return readMissing(place);
  const seen = seenOf(stat);
  if (seen.kind === kinds.folder) return { kind: 'folder', seen, size: 0 };
  if (seen.kind === kinds.special) return { kind: 'special', seen, size: 0 };
  if (stat.size > BigInt(limitBytes)) return { kind: 'large', seen, size: Number(stat.size) };
  const bytes = readBytes(place, seen, Number(stat.size));
  if (typeof bytes === 'string') return { kind: 'unreadable', seen, why: bytes };
  const after = tryStat(place);
  const steady =
    typeof after === 'object' &&
    after.size === BigInt(bytes.length) &&
    isEqual(seen, seenOf(after));
  return { kind: 'read', bytes, seen, steady, young: !steady || isYoung(seen, startMs) };
}

/** Or the code of what is in the way: a disk that cannot say, a name that is too long with all above it. */
function tryStat(place: string | Buffer): BigIntStats | string | undefined {
  try {
    return readStat(place);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return code;
  }
}

/** What cannot be seen may still be there: a folder above it may only not let us in. */
function readMissing(place: string | Buffer): Reading {
  try {
    const stat = lstatSync(place, { throwIfNoEntry: false });
    return stat === undefined ? { kind: 'gone' } : { kind: 'hidden', why: moved };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP') return { kind: 'gone' };
    if (code === undefined) throw error;
    return { kind: 'hidden', why: code };
  }
}

export function isEqual(one: Seen, other: Seen): boolean {
  return (
    one.mtime === other.mtime &&
    one.ctime === other.ctime &&
    one.size === other.size &&
    one.inode === other.inode &&
    one.kind === other.kind &&
    one.rights === other.rights
  );
}

/** Somebody could write again, after what was read at `readMs`, and leave the same stat. */
export function isYoung(seen: Pick<Seen, 'mtime' | 'ctime'>, readMs: number): boolean {
  const isCoarse = seen.mtime % 1_000_000_000n === 0n && seen.ctime % 1_000_000_000n === 0n;
  const limit = BigInt(readMs) * 1_000_000n - (isCoarse ? coarseNanos : tickNanos);
  return seen.mtime >= limit || seen.ctime >= limit;
}

function readBytes(place: string | Buffer, seen: Seen, size: number): Buffer | string {
  try {
    if (seen.kind === kinds.link) return readlinkSync(place, 'buffer');
    // NOFOLLOW and NONBLOCK: it may have become a link or a pipe since the stat.
    const fd = openSync(place, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const opened = seenOf(fstatSync(fd, { bigint: true }));
      if (opened.inode !== seen.inode || opened.kind !== seen.kind) return moved;
      return readOpen(fd, size);
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return code === 'ENOENT' || code === 'ELOOP' || code === 'EINVAL' ? moved : code;
  }
}

function readOpen(fd: number, size: number): Buffer {
  // One byte more than stated, to notice a file that grew.
  const bytes = Buffer.allocUnsafe(size + 1);
  let filled = 0;
  while (filled < bytes.length) {
    const count = readSync(fd, bytes, filled, bytes.length - filled, filled);
    if (count === 0) break;
    filled += count;
  }
  return bytes.subarray(0, filled);
}
