/** Takes into the index what the journals have and it has not, a transaction at a time. */
import { statSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { passFailpoint } from '../failpoint.ts';
import type { JournalCursor } from '../journal-place.ts';
import { readJournalFile } from '../journal-reader.ts';
import { type Cursors, type JournalFile, openCursors } from './cursors.ts';
import type { Database } from './driver.ts';
import { openPending, type Pending } from './pending.ts';

export type IngestOptions = {
  readonly files: readonly JournalFile[];
  /** How many entries were taken so far. */
  readonly onProgress?: (entries: number) => void;
  /** Taken in one transaction. */
  readonly entriesPerBatch?: number;
  /** After each transaction. */
  readonly onCommit: () => void;
  /** Asked after each transaction: whether the rest is left for later. */
  readonly isEnough?: (() => boolean) | undefined;
};

/** What one transaction takes: enough to be quick, little enough to be lost. */
const usualBatch = 20_000;

type Reading = { readonly cursors: Cursors; readonly pending: Pending; left: number };

/** Resolves with how many entries were taken. */
export async function ingestJournals(database: Database, options: IngestOptions): Promise<number> {
  const reading: Reading = {
    cursors: openCursors(database),
    pending: openPending(database),
    left: 0,
  };
  const { entriesPerBatch = usualBatch } = options;
  const open = options.files.filter((it) => hasMore(it, reading.cursors));
  let taken = 0;
  for (let next = 0; next < open.length; ) {
    database.exec('BEGIN IMMEDIATE');
    try {
      reading.left = entriesPerBatch;
      next = readBatch(reading, open, next);
      reading.pending.write();
      passFailpoint('index-commit');
      database.exec('COMMIT');
    } finally {
      if (database.inTransaction) database.exec('ROLLBACK');
    }
    taken += entriesPerBatch - reading.left;
    options.onCommit();
    options.onProgress?.(taken);
    if (options.isEnough?.()) break;
    await nextTurn();
  }
  return taken;
}

function hasMore({ path, ...file }: JournalFile, cursors: Cursors): boolean {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  return (cursors.get({ path, ...file })?.offset ?? 0) < size;
}

/** Gives back which file is next; the same one when it was not read to its end. */
function readBatch(reading: Reading, files: readonly JournalFile[], first: number): number {
  for (let at = first; at < files.length; at += 1) {
    const file = files[at];
    if (file !== undefined && !readOn(reading, file)) return at;
  }
  return files.length;
}

/** False when there was no time to read the file to its end. */
function readOn(reading: Reading, file: JournalFile): boolean {
  const { cursors, pending } = reading;
  let cursor: JournalCursor | undefined;
  for (const item of readJournalFile(file.path, cursors.get(file))) {
    // What is wrong in a journal, verify tells; what is missing, the numbers of the entries.
    if (!('entry' in item)) continue;
    pending.take(item.entry);
    cursor = { offset: item.offset, seq: item.entry.seq, sum: item.sum };
    reading.left -= 1;
    if (reading.left === 0) break;
  }
  if (cursor !== undefined) cursors.set(file, cursor);
  return 0 < reading.left;
}
