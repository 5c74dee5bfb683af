/** What a window taught, as a line of the cache: each origin is written once for all lines, and has a number. */
import type { Taught } from './fold-window.ts';
import type { Ledger } from './ledger.ts';
import type { Origin } from './origin.ts';
import type { Run } from './runs.ts';

export type Entry = Taught & {
  /** The checkpoint. */
  readonly id: string;
  /** What it was folded from: another key, and it has to be folded anew. */
  readonly key: string;
  /** The session in whose turn it was taken, if in one. */
  readonly session?: string;
  /** What tool calls said that they write, by session. */
  readonly told: readonly (readonly [session: string, step: string, path: string])[];
};

type Line = Omit<Entry, 'pages' | 'lost'> & {
  /** Those that no line before has; they are numbered through all lines, from 0. */
  readonly origins: readonly Origin[];
  readonly pages: readonly (readonly [
    oid: string,
    path: string,
    isTelling: 0 | 1,
    ...runs: number[],
  ])[];
  readonly lost: readonly (readonly [path: string, oid: string])[];
};

/** One line each, in JSON. */
export function writeEntries(entries: readonly Entry[]): string[] {
  const numbers = new Map<Origin, number>();
  const byName = new Map<string, number>();
  return entries.map((entry) => {
    const origins: Origin[] = [];
    const addOrigin = (origin: Origin) => {
      const name = JSON.stringify(origin);
      const number = byName.get(name) ?? byName.size;
      if (number === byName.size) origins.push(origin);
      byName.set(name, number);
      numbers.set(origin, number);
      return number;
    };
    const pages = entry.pages.map(
      ({ oid, page }) =>
        [
          oid,
          page.path,
          page.isTelling ? 1 : 0,
          ...page.runs.flatMap(([count, it]) => [count, numbers.get(it) ?? addOrigin(it)]),
        ] as const,
    );
    const lost = entry.lost.map(({ path, oid }) => [path, oid] as const);
    const line: Line = { ...entry, origins, pages, lost };
    return JSON.stringify(line);
  });
}

/** Throws what JSON throws. */
export function readEntries(lines: readonly string[]): Entry[] {
  const known: Origin[] = [];
  return lines.map((text) => {
    const { origins, pages, lost, ...rest } = JSON.parse(text) as Line;
    for (const origin of origins) known.push(origin);
    return {
      ...rest,
      pages: pages.map(([oid, path, isTelling, ...numbers]) => ({
        oid,
        page: { path, runs: readRuns(numbers, known), isTelling: isTelling === 1 },
      })),
      lost: lost.map(([path, oid]) => ({ path, oid })),
    };
  });
}

function readRuns(numbers: readonly number[], known: readonly Origin[]): Run[] {
  const runs: Run[] = [];
  for (let at = 0; at + 1 < numbers.length; at += 2) {
    const origin = known[numbers[at + 1] ?? -1];
    if (origin !== undefined) runs.push([numbers[at] ?? 0, origin]);
  }
  return runs;
}

export function replayEntry(ledger: Ledger, { pages, lost }: Entry): void {
  for (const { oid, page } of pages) ledger.put(oid, page);
  for (const { path, oid } of lost) ledger.noteLost(path, oid);
}
