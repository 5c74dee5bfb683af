/** Reads one journal file: every entry that can be trusted, and a word about everything that cannot. */
import { closeSync, fstatSync, openSync } from 'node:fs';
import { basename } from 'node:path';
import type { JournalHeader, JournalProblem } from '../contract/types.gen.ts';
import {
  type JournalCursor,
  type JournalItem,
  type JournalPlace,
  openPlace,
  readOddLine,
  takeNext,
} from './journal-place.ts';
import { readLines } from './read-lines.ts';
import { readRefusal } from './refusal.ts';

export type JournalEnd = {
  /** Undefined when it is damaged, or reading began after it. */
  readonly header: JournalHeader | undefined;
  /** Behind the last good line; undefined when there was none. */
  readonly cursor: JournalCursor | undefined;
  /** The last line, unless it is damaged. */
  readonly last: { readonly seq: number; readonly sum: string } | undefined;
};

/** May be left at any time; the file is closed then. */
export function* readJournalFile(
  path: string,
  from?: JournalCursor,
): Generator<JournalItem, JournalEnd> {
  const place = openPlace(basename(path), from);
  try {
    yield* readAll(path, place, from?.offset ?? 0);
  } catch (error) {
    yield { problem: explainUnreadable(error, path) };
  }
  return { header: place.header, cursor: place.end, last: place.last };
}

function* readAll(path: string, place: JournalPlace, from: number): Generator<JournalItem> {
  const fd = openSync(path, 'r');
  try {
    if (fstatSync(fd).size < from) yield { problem: tellShorter(place.name, from) };
    for (const line of readLines(fd, from)) {
      const next = takeNext(place, line);
      if (next !== undefined) yield next;
      else yield* readOddLine(place, line);
      if (place.isOver) return;
    }
  } finally {
    closeSync(fd);
  }
}

function tellShorter(file: string, offset: number): JournalProblem {
  const message = `${file}: it is shorter than it was when it was read before`;
  return { file, offset, kind: 'bad-chain', message };
}

function explainUnreadable(error: unknown, path: string): JournalProblem {
  const refusal = readRefusal(error, path);
  if (refusal === undefined) throw error;
  const file = basename(path);
  return refusal.code === 'ENOENT'
    ? { file, kind: 'missing-file', message: `${file}: it is not there` }
    : { file, kind: 'unreadable', message: `${file}: it cannot be read: ${refusal.why}` };
}
