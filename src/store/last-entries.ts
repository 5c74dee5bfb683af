/** Reads the newest entries of a folder without reading its journals from the beginning. */
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import type { Entry } from '../journal/entry.ts';
import { mergeJournals } from '../journal/merge.ts';
import { listJournals } from './journal-names.ts';
import type { JournalCursor } from './journal-place.ts';
import { readJournalFile } from './journal-reader.ts';

type Wanted = (entry: Entry) => boolean;
type Listed = ReturnType<typeof listJournals>[number] & {
  readonly size: number;
  readonly at: number;
};

/** Of each file so much is read at first, and four times as much as long as it is not enough. */
const firstBytes = 256 << 10;
/** Older files hold nothing that is newer than what these hold, unless a clock was wrong. */
const fileLimit = 16;

/** At most `count`, in the order in which they happened. */
export function readLastEntries(folder: string, count: number, isWanted: Wanted): Entry[] {
  if (count === 0) return [];
  const found: Entry[][] = [];
  const files = listJournals(folder)
    .map((it) => ({ ...it, ...measure(it.path) }))
    .sort((a, b) => b.at - a.at);
  for (const file of files.slice(0, fileLimit)) found.push(readLast(file, count, isWanted));
  return mergeJournals(found).slice(-count);
}

function readLast(file: Listed, count: number, isWanted: Wanted): Entry[] {
  for (let bytes = firstBytes; ; bytes *= 4) {
    const from = bytes < file.size ? findLine(file.path, file.size - bytes) : undefined;
    const entries: Entry[] = [];
    for (const item of readJournalFile(file.path, from)) {
      if ('entry' in item && isWanted(item.entry)) entries.push(item.entry);
      if (2 * count < entries.length) entries.splice(0, count);
    }
    if (from === undefined || count <= entries.length) return entries.slice(-count);
  }
}

/** The first line that begins after this byte. What came before it is not known. */
function findLine(path: string, after: number): JournalCursor | undefined {
  const fd = openSync(path, 'r');
  try {
    const room = Buffer.alloc(firstBytes);
    for (let at = after; ; at += firstBytes) {
      const taken = readSync(fd, room, 0, firstBytes, at);
      if (taken === 0) return undefined;
      const end = room.subarray(0, taken).indexOf('\n');
      if (end !== -1) return { offset: at + end + 1, seq: 0, sum: '' };
    }
  } finally {
    closeSync(fd);
  }
}

function measure(path: string): { size: number; at: number } {
  const stat = statSync(path, { throwIfNoEntry: false });
  return { size: stat?.size ?? 0, at: stat?.mtimeMs ?? 0 };
}
