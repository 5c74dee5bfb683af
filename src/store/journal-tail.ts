/** Remembers how far each journal file of a folder was read, and reads on from there, whatever became of it. */
import { statSync } from 'node:fs';
import type { JournalProblem } from '../contract/types.gen.ts';
import type { Entry } from '../journal/entry.ts';
import { readJournalEnd } from './journal-end.ts';
import { listJournals } from './journal-names.ts';
import type { JournalCursor } from './journal-place.ts';
import { readJournalFile } from './journal-reader.ts';
import { readRefusal } from './refusal.ts';

/** In which file the entry stands, and how reading goes on behind it. */
export type EntryPlace = JournalCursor & { readonly file: string };

export type TailOptions = {
  readonly folder: string;
  /** What was read already, by file name; `now`: everything there is. */
  readonly from: 'now' | ReadonlyMap<string, JournalCursor>;
  /** Each writer's entries in order, each entry once. */
  readonly onEntry: (entry: Entry, place: EntryPlace) => void;
  readonly onProblem?: ((problem: JournalProblem) => void) | undefined;
};

type JournalTail = {
  /** How many entries it passed, at most `limit`. */
  readOn(journal: ListedJournal, limit: number): number;
};

type ListedJournal = ReturnType<typeof listJournals>[number];
type Run = { readonly count: number; readonly cursor: JournalCursor; readonly isAnother: boolean };

const beginning: JournalCursor = { offset: 0, seq: 0, sum: '' };

export function openTail(options: TailOptions): JournalTail {
  const { folder, from, onEntry, onProblem } = options;
  const seen = new Map<string, JournalCursor>();
  const lastSeqs = new Map<string, number>();
  const told = new Set<string>();

  for (const journal of listJournals(folder)) {
    const cursor = from === 'now' ? readEnd(journal.path) : from.get(journal.name);
    if (cursor === undefined) continue;
    seen.set(journal.name, cursor);
    lastSeqs.set(journal.writer, Math.max(cursor.seq, lastSeqs.get(journal.writer) ?? 0));
  }

  function readRun(journal: ListedJournal, from: JournalCursor, limit: number): Run {
    let cursor = from;
    let count = 0;
    for (const item of readJournalFile(journal.path, from)) {
      if ('problem' in item) {
        if (isForeign(from, count, item.problem)) return { count, cursor, isAnother: true };
        tell(item.problem);
        continue;
      }
      cursor = { offset: item.offset, seq: item.entry.seq, sum: item.sum };
      count += 1;
      pass(item.entry, { file: journal.name, ...cursor });
      if (count >= limit) break;
    }
    return { count, cursor, isAnother: false };
  }

  function pass(entry: Entry, place: EntryPlace): void {
    if (entry.seq <= (lastSeqs.get(entry.writer) ?? 0)) return;
    lastSeqs.set(entry.writer, entry.seq);
    onEntry(entry, place);
  }

  /** A torn tail is only what a writer is at, and everything else is told once. */
  function tell(problem: JournalProblem): void {
    const key = `${problem.file}:${problem.offset}:${problem.kind}`;
    if (problem.kind === 'torn-tail' || told.has(key)) return;
    told.add(key);
    onProblem?.(problem);
  }

  return {
    readOn(journal, limit) {
      const size = statSync(journal.path, { throwIfNoEntry: false })?.size;
      if (size === undefined) {
        seen.delete(journal.name);
        return 0;
      }
      const start = seen.get(journal.name) ?? beginning;
      if (start.offset === size) return 0;
      const run = readRun(journal, start, limit);
      const { count, cursor } = run.isAnother ? readRun(journal, beginning, limit) : run;
      seen.set(journal.name, cursor);
      return count;
    },
  };
}

/**
 * What comes right behind the cursor does not follow what came before it, or nothing reaches that far: the
 * file was cut, copied over or exchanged. Then it is read from its beginning, and the numbers of its
 * entries tell which are new. No inode is asked, for it may have been given to another file meanwhile.
 */
function isForeign(from: JournalCursor, count: number, { kind }: JournalProblem): boolean {
  return from.offset > 0 && count === 0 && kind !== 'torn-tail';
}

/** Undefined also when it has gone meanwhile. */
function readEnd(path: string): JournalCursor | undefined {
  try {
    return readJournalEnd(path).cursor;
  } catch (error) {
    if (readRefusal(error, path) === undefined) throw error;
    return undefined;
  }
}
