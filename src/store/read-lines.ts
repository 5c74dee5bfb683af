/** Cuts a file into lines without ever holding more of it than its longest line. */
import { Buffer } from 'node:buffer';
import { readSync } from 'node:fs';

export type FileLine = {
  /** Without the newline; good until the next line is asked for. */
  readonly bytes: Buffer;
  /** Where it begins in the file. */
  readonly offset: number;
  /** What stands in the file for it, with its newline. */
  readonly length: number;
  readonly isWhole: boolean;
  /** Longer than the limit: `bytes` is only its beginning. */
  readonly isCut: boolean;
};

/** Small: it is read on in bites, each with a room of its own, and what is freed is not given back at once. */
const chunkBytes = 64 << 10;
/** No journal line is near it; a file without newlines must not fill the memory. */
const lineLimitBytes = 256 << 20;
const newline = 10;

export function* readLines(fd: number, from: number): Generator<FileLine> {
  let room: Buffer = Buffer.allocUnsafe(chunkBytes);
  // Of what is in the room: where the line begins, how far it was searched, where the bytes end.
  let start = 0;
  let searched = 0;
  let end = 0;
  let offset = from;
  let passedBytes = 0;

  for (;;) {
    const at = room.subarray(0, end).indexOf(newline, searched);
    if (at >= 0) {
      const length = passedBytes + at + 1 - start;
      const bytes = room.subarray(start, at);
      yield { bytes, offset, length, isWhole: true, isCut: passedBytes > 0 };
      offset += length;
      passedBytes = 0;
      start = searched = at + 1;
      continue;
    }
    if (end - start >= lineLimitBytes) {
      passedBytes += end - start;
      start = end;
    }
    room = makeRoom(room, start, end);
    end -= start;
    start = 0;
    searched = end;
    const taken = readSync(fd, room, end, room.length - end, offset + passedBytes + end);
    if (taken === 0) break;
    end += taken;
  }
  const length = passedBytes + end;
  if (length > 0)
    yield { bytes: room.subarray(0, end), offset, length, isWhole: false, isCut: passedBytes > 0 };
}

/** What is left moves to the front, or into twice the room when there is no more to gain. */
function makeRoom(room: Buffer, start: number, end: number): Buffer {
  const isFull = end - start > room.length / 2;
  const next = isFull ? Buffer.allocUnsafe(room.length * 2) : room;
  room.copy(next, 0, start, end);
  return next;
}
