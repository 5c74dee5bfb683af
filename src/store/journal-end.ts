/** Looks at the end of a journal file only: what its last entry is, and whether half a line follows. */
import { Buffer } from 'node:buffer';
import { fstatSync, readSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import type { Entry } from '../journal/entry.ts';
import { type JournalCursor, openPlace, readOddLine } from './journal-place.ts';
import { readJournalFile } from './journal-reader.ts';
import { withFile } from './whole-file.ts';

export type LastOfJournal = {
  readonly sizeBytes: number;
  /** Where the last whole line ends; anything after it is torn. */
  readonly wholeBytes: number;
  /** Behind the last good line; undefined when there is none. */
  readonly cursor: JournalCursor | undefined;
  /** Undefined when the file holds no entry. */
  readonly entry: Entry | undefined;
};

const blockBytes = 16 << 10;
const newline = 10;

export function readJournalEnd(path: string): LastOfJournal {
  return withFile(path, 'r', (fd) => {
    const sizeBytes = fstatSync(fd).size;
    const wholeBytes = findNewline(fd, sizeBytes) + 1;
    const start = wholeBytes === 0 ? 0 : findNewline(fd, wholeBytes - 1) + 1;
    const last = readLine(fd, path, { start, end: wholeBytes });
    return { sizeBytes, wholeBytes, ...(last ?? readThrough(path)) };
  });
}

/** A journal file ends with a newline, unless its writer is at it or died at it. */
export function hasTornEnd(path: string | undefined): boolean {
  const size = path === undefined ? undefined : statSync(path, { throwIfNoEntry: false })?.size;
  if (path === undefined || size === undefined) return false;
  return withFile(path, 'r', (fd) => findNewline(fd, size) + 1 < size || size === 0);
}

/** Of the last one before `before`; -1 when there is none. */
function findNewline(fd: number, before: number): number {
  const block = Buffer.alloc(blockBytes);
  for (let end = before; end > 0; end -= blockBytes) {
    const start = Math.max(0, end - blockBytes);
    const taken = readSync(fd, block, 0, end - start, start);
    const at = block.subarray(0, taken).lastIndexOf(newline);
    if (at >= 0) return start + at;
  }
  return -1;
}

type Span = { readonly start: number; readonly end: number };
type Last = Pick<LastOfJournal, 'cursor' | 'entry'>;

/** Undefined when the line is damaged, or alone does not say enough. */
function readLine(fd: number, path: string, { start, end }: Span): Last | undefined {
  if (end === 0) return { cursor: undefined, entry: undefined };
  const bytes = Buffer.alloc(end - start - 1);
  if (readSync(fd, bytes, 0, bytes.length, start) !== bytes.length) return undefined;
  const place = openPlace(basename(path), undefined);
  const line = { bytes, offset: start, length: end - start, isWhole: true, isCut: false };
  const items = readOddLine(place, line);
  if (items.some((it) => 'problem' in it)) return undefined;
  const entry = items.map((it) => ('entry' in it ? it.entry : undefined))[0];
  return { cursor: place.end, entry };
}

function readThrough(path: string): Last {
  let entry: Entry | undefined;
  let cursor: JournalCursor | undefined;
  const items = readJournalFile(path);
  for (let next = items.next(); ; next = items.next()) {
    if (next.done === true) return { entry, cursor: next.value.cursor ?? cursor };
    if ('entry' in next.value) entry = next.value.entry;
  }
}
