/** The union of what several writers wrote, in one order that is the same wherever it is computed. */
import type { Entry } from './entry.ts';

type Placed = { readonly entry: Entry; readonly time: number };

/**
 * By time, then writer, then seq; within a writer always by seq, also when its clock went back: an entry
 * counts as no earlier than those before it. What is given twice is there once, so journals may be copied
 * and merged again and again, in any order.
 */
export function mergeJournals(journals: readonly Iterable<Entry>[]): Entry[] {
  const writers = new Map<string, Map<number, Entry>>();
  for (const journal of journals)
    for (const entry of journal) {
      const entries = writers.get(entry.writer) ?? new Map<number, Entry>();
      if (entries.size === 0) writers.set(entry.writer, entries);
      entries.set(entry.seq, entry);
    }
  const placed = [...writers.values()].flatMap((entries) => placeEntries([...entries.values()]));
  return placed.sort(compare).map((it) => it.entry);
}

function placeEntries(entries: Entry[]): Placed[] {
  let time = Number.NEGATIVE_INFINITY;
  return entries
    .sort((a, b) => a.seq - b.seq)
    .map((entry) => {
      time = Math.max(time, entry.at);
      return { entry, time };
    });
}

function compare(a: Placed, b: Placed): number {
  if (a.time !== b.time) return a.time - b.time;
  if (a.entry.writer !== b.entry.writer) return a.entry.writer < b.entry.writer ? -1 : 1;
  return a.entry.seq - b.entry.seq;
}
