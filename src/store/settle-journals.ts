/** Puts the journals of writers that died in order: torn tails are moved aside, and the dead are named. */
import { fdatasyncSync, ftruncateSync, readSync, unlinkSync } from 'node:fs';
import type { JournalProblem } from '../contract/types.gen.ts';
import { passFailpoint } from './failpoint.ts';
import { hasTornEnd, type LastOfJournal, readJournalEnd } from './journal-end.ts';
import { listJournals } from './journal-names.ts';
import { dropLease, dropStaleLease, readLeases } from './lease.ts';
import { readRefusal } from './refusal.ts';
import { readIfThere, withFile, writeWhole } from './whole-file.ts';

export type LostWriter = {
  readonly writer: string;
  readonly lastSeq: number;
  /**
   * After `writer-lost` was appended and acknowledged. Who dies in between leaves the telling to the next
   * one: it may be told twice, but not never.
   */
  forget(): void;
};

export type Settled = {
  /** Writers that ended without a word. */
  readonly lost: readonly LostWriter[];
  /** One for each torn tail that was moved to `<file>.bad`. */
  readonly problems: readonly JournalProblem[];
};

type Listed = ReturnType<typeof listJournals>[number];
type Last = Pick<LastOfJournal, 'cursor' | 'entry'>;

/** `dead`: writers of this very process whose thread died, which their lease does not show. */
export function settleJournals(folder: string, dead: readonly string[] = []): Settled {
  // In this order: a writer takes its lease before it makes a file, and gives it back after the last line.
  const journals = groupByWriter(listJournals(folder));
  const leases = new Map(readLeases(folder).map((it) => [it.writer, it.state]));
  for (const writer of dead) leases.set(writer, 'stale');
  const lost: LostWriter[] = [];
  const problems: JournalProblem[] = [];

  for (const writer of new Set([...journals.keys(), ...leases.keys()])) {
    const state = leases.get(writer);
    const files = journals.get(writer) ?? [];
    const isDead = state === 'stale' || (state === undefined && hasTornEnd(files.at(-1)?.path));
    if (!isDead) continue;
    const found = settleFiles(files, problems);
    if (found === undefined) continue;
    const forget = () => void (dead.includes(writer) ? dropLease : dropStaleLease)(folder, writer);
    const lastSeq = found.cursor?.seq ?? 0;
    if (lastSeq > 0 && found.entry?.event.type !== 'recording-ended')
      lost.push({ writer, lastSeq, forget });
    else forget();
  }
  return { lost, problems };
}

function groupByWriter(journals: readonly Listed[]): Map<string, Listed[]> {
  const groups = new Map<string, Listed[]>();
  for (const journal of journals) {
    const group = groups.get(journal.writer) ?? [];
    groups.set(journal.writer, [...group, journal]);
  }
  return groups;
}

/** Undefined when the disk refuses: then it is left for the next time. */
function settleFiles(files: readonly Listed[], problems: JournalProblem[]): Last | undefined {
  try {
    return settleLast(files, problems);
  } catch (error) {
    const file = files.at(-1)?.name ?? '';
    const why = readRefusal(error, file)?.why;
    if (why === undefined) throw error;
    problems.push({
      file,
      kind: 'unreadable',
      message: `${file}: it cannot be put in order: ${why}`,
    });
    return undefined;
  }
}

/** From the last file back to one with a whole first line: a writer may die just after it made a file. */
function settleLast(files: readonly Listed[], problems: JournalProblem[]): Last {
  for (const file of files.toReversed()) {
    const last = readJournalEnd(file.path);
    if (last.sizeBytes > last.wholeBytes) problems.push(moveTailAside(file, last));
    if (last.wholeBytes > 0) return last;
    unlinkSync(file.path);
  }
  return { cursor: undefined, entry: undefined };
}

/** First the copy, then the cut, so that dying in between costs nothing but doing it again. */
function moveTailAside(
  { path, name }: Listed,
  { sizeBytes, wholeBytes }: LastOfJournal,
): JournalProblem {
  const bad = `${path}.bad`;
  withFile(path, 'r+', (fd) => {
    const tail = Buffer.alloc(sizeBytes - wholeBytes);
    readSync(fd, tail, 0, tail.length, wholeBytes);
    const before = readIfThere(bad) ?? Buffer.alloc(0);
    if (!before.subarray(-tail.length).equals(tail)) writeWhole(bad, Buffer.concat([before, tail]));
    passFailpoint('settle-cut');
    ftruncateSync(fd, wholeBytes);
    fdatasyncSync(fd);
  });
  const message = `${name}: its writer died while writing; ${sizeBytes - wholeBytes} bytes of a torn line were moved to ${name}.bad`;
  return { file: name, offset: wholeBytes, kind: 'torn-tail', message };
}
