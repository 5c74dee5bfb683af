/** Checksums of a file, block by block, so that after a change only the changed blocks are read again. */
import { closeSync, openSync, readSync } from 'node:fs';
import { crc32 } from 'node:zlib';

const blockBytes = 1 << 20;
/** What is read at once of a block. */
const roomBytes = 64 << 10;

/** `known` is kept for all blocks but those that hold one of the bytes at `changed`, and new ones. */
export function sumBlocks(
  path: string,
  known: readonly number[] = [],
  changed: Iterable<number> = [],
): number[] {
  const stale = new Set([...changed].map((it) => Math.floor(it / blockBytes)));
  const sums: number[] = [];
  const room = Buffer.allocUnsafe(roomBytes);
  const fd = openSync(path, 'r');
  try {
    for (let block = 0; ; block += 1) {
      const before = known[block];
      // The last block of before may have grown.
      if (before !== undefined && block < known.length - 1 && !stale.has(block)) {
        sums.push(before);
        continue;
      }
      const { sum, taken } = sumBlock(fd, block, room);
      if (taken === 0) return sums;
      sums.push(sum);
      if (taken < blockBytes) return sums;
    }
  } finally {
    closeSync(fd);
  }
}

function sumBlock(fd: number, block: number, room: Buffer): { sum: number; taken: number } {
  let sum = 0;
  for (let done = 0; done < blockBytes; ) {
    const taken = readSync(fd, room, 0, room.length, block * blockBytes + done);
    if (taken === 0) return { sum, taken: done };
    sum = crc32(room.subarray(0, taken), sum);
    done += taken;
  }
  return { sum, taken: blockBytes };
}

const logHeaderBytes = 32;
const frameHeaderBytes = 24;

/** Where in the database file the pages of its log belong. See "WAL file format" of SQLite. */
export function findLoggedPages(logPath: string): number[] {
  const places: number[] = [];
  const fd = openSync(logPath, 'r');
  try {
    const header = Buffer.alloc(logHeaderBytes);
    if (readSync(fd, header, 0, logHeaderBytes, 0) < logHeaderBytes) return [];
    const pageBytes = header.readUInt32BE(8);
    const frame = Buffer.alloc(frameHeaderBytes);
    const step = frameHeaderBytes + pageBytes;
    for (
      let at = logHeaderBytes;
      readSync(fd, frame, 0, frameHeaderBytes, at) === frameHeaderBytes;
      at += step
    )
      places.push((frame.readUInt32BE(0) - 1) * pageBytes);
  } finally {
    closeSync(fd);
  }
  return places;
}
