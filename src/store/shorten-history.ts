/** Keeps the journals of a workspace within a budget: what was said in the oldest closed runs goes first. */
import { statSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { HistoryShortened } from '../contract/types.gen.ts';
import { listJournals } from './journal-names.ts';
import { readLeases } from './lease.ts';
import { type Depth, replaceJournal, shortenJournal } from './shorten-journal.ts';

export type HistoryPlace = { readonly journal: string; readonly index: string };

export type HistorySize = {
  /** Journals and index. */
  readonly bytes: number;
  /** Journals alone. */
  readonly journalBytes: number;
  /** Of writers that live, or died and were not put in order yet: nobody touches these. */
  readonly held: number;
};

export type ShortenOrder = {
  readonly limitBytes: number;
  readonly now: number;
  readonly dryRun?: boolean | undefined;
};

export type ShortenReport = Omit<HistoryShortened, 'type'> & { readonly held: number };

/** A file with less than this has nothing more to give. */
const leastBytes = 1_500;
/** So that not every turn has to shorten something. */
const aim = 0.9;

export function measureHistory({ journal, index }: HistoryPlace): HistorySize {
  const leased = new Set(readLeases(journal).map((it) => it.writer));
  const files = listJournals(journal).map((it) => ({ ...it, bytes: sizeOf(it.path) }));
  const sum = (all: readonly { bytes: number }[]) => all.reduce((total, it) => total + it.bytes, 0);
  const indexBytes = ['', '-wal'].reduce((total, it) => total + sizeOf(`${index}${it}`), 0);
  const journalBytes = sum(files);
  return {
    bytes: journalBytes + indexBytes,
    journalBytes,
    held: sum(files.filter((it) => leased.has(it.writer))),
  };
}

/** Never a file of a writer that has a lease: it lives, or its end was not told yet. */
export async function shortenHistory(
  place: HistoryPlace,
  { limitBytes, now, dryRun = false }: ShortenOrder,
): Promise<ShortenReport> {
  const { bytes, journalBytes, held } = measureHistory(place);
  const report = { files: new Set<string>(), writers: new Set<string>(), bodies: 0, entries: 0 };
  const planned = new Map<string, Done>();
  let left = journalBytes;
  // The index grows and shrinks with what it is made of.
  const share = journalBytes === 0 ? 1 : bytes / journalBytes;
  const isOver = () => bytes > limitBytes && left * share > limitBytes * aim;
  for (const depth of ['bodies', 'entries'] as const) {
    for (const file of listJournals(place.journal)) {
      if (!isOver()) break;
      const done = shortenOne(file, { depth, now, dryRun, place });
      if (done === undefined) continue;
      // Without writing, the second round begins with the whole file again.
      const before = dryRun ? planned.get(file.name) : undefined;
      planned.set(file.name, done);
      left -= done.saved - (before?.saved ?? 0);
      report.files.add(file.name);
      report.writers.add(file.writer);
      report.bodies += done.bodies - (before?.bodies ?? 0);
      report.entries += done.entries - (before?.entries ?? 0);
      await nextTurn();
    }
  }
  const { files, writers, bodies, entries } = report;
  const counts = { files: files.size, writers: [...writers].sort(), bodies, entries };
  return { ...counts, bytesBefore: bytes, bytesAfter: left, limitBytes, held };
}

type Done = { readonly saved: number; readonly bodies: number; readonly entries: number };

type Doing = {
  readonly depth: Depth;
  readonly now: number;
  readonly dryRun: boolean;
  readonly place: HistoryPlace;
};

function shortenOne(
  { path, writer }: ReturnType<typeof listJournals>[number],
  { depth, now, dryRun, place }: Doing,
): Done | undefined {
  const before = sizeOf(path);
  if (before < leastBytes || isLeased(place, writer)) return undefined;
  const shorter = shortenJournal(path, depth, now);
  if (shorter === undefined) return undefined;
  const saved = before - Buffer.byteLength(shorter.text);
  if (saved <= 0) return undefined;
  if (!dryRun) {
    // Again, since reading takes a while: nobody begins to write an old file anew, but a copy may be put back.
    if (isLeased(place, writer) || sizeOf(path) !== before) return undefined;
    replaceJournal(path, shorter.text);
  }
  return { saved, bodies: shorter.bodies, entries: shorter.entries };
}

const isLeased = ({ journal }: HistoryPlace, writer: string) =>
  readLeases(journal).some((it) => it.writer === writer);

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
