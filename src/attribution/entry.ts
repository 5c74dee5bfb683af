/** What a window taught, as a line of the cache: an origin, and what a version has in common with the one before, is written once for all lines. */
import type { Taught } from './fold-window.ts';
import type { Ledger } from './ledger.ts';
import type { Origin } from './origin.ts';
import { isSameOrigin, type Run } from './runs.ts';

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
  /** `head`, `tail`: so many runs are those that the path's last page began and ended with. */
  readonly pages: readonly (readonly [
    oid: string,
    path: string,
    isTelling: 0 | 1,
    head: number,
    tail: number,
    ...runs: number[],
  ])[];
  readonly lost: readonly (readonly [path: string, oid: string])[];
};

/** An entry as it stands in its line. */
export type WrittenEntry = { readonly entry: Entry; readonly origins: readonly Origin[] };

/** One line each, in JSON, as they follow those that are `written`. */
export function writeEntries(
  entries: readonly Entry[],
  written: readonly WrittenEntry[] = [],
): string[] {
  const known = written.flatMap((it) => it.origins);
  const numbers = new Map(known.map((origin, number) => [origin, number]));
  const byName = new Map(known.map((origin, number) => [JSON.stringify(origin), number]));
  const last = new Map<string, readonly Run[]>();
  for (const { entry } of written)
    for (const { page } of entry.pages) last.set(page.path, page.runs);
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
    const pages = entry.pages.map(({ oid, page: { path, runs, isTelling } }) => {
      const { head, tail } = countAlike(last.get(path) ?? [], runs);
      last.set(path, runs);
      const middle = runs.slice(head, runs.length - tail);
      const own = middle.flatMap(([count, it]) => [count, numbers.get(it) ?? addOrigin(it)]);
      return [oid, path, isTelling ? 1 : 0, head, tail, ...own] as const;
    });
    const lost = entry.lost.map(({ path, oid }) => [path, oid] as const);
    const line: Line = { ...entry, origins, pages, lost };
    return JSON.stringify(line);
  });
}

/** As far as they can be read: what a crash cut short, and what follows it, is none. */
export function readEntries(lines: readonly string[]): WrittenEntry[] {
  const known: Origin[] = [];
  const last = new Map<string, readonly Run[]>();
  const entries: WrittenEntry[] = [];
  for (const text of lines) {
    const line = readLine(text);
    if (line === undefined) break;
    const { origins, pages, lost, ...rest } = line;
    for (const origin of origins) known.push(origin);
    const entry = {
      ...rest,
      pages: pages.map(([oid, path, isTelling, head, tail, ...numbers]) => {
        const before = last.get(path) ?? [];
        const end = before.slice(before.length - tail);
        const runs = [...before.slice(0, head), ...readRuns(numbers, known), ...end];
        last.set(path, runs);
        return { oid, page: { path, runs, isTelling: isTelling === 1 } };
      }),
      lost: lost.map(([path, oid]) => ({ path, oid })),
    };
    entries.push({ entry, origins });
  }
  return entries;
}

function readLine(text: string): Line | undefined {
  try {
    return JSON.parse(text) as Line;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
}

/** How many runs both begin and end with. */
function countAlike(before: readonly Run[], after: readonly Run[]) {
  const limit = Math.min(before.length, after.length);
  let [head, tail] = [0, 0];
  while (head < limit && isSameRun(before[head], after[head])) head += 1;
  while (tail < limit - head && isSameRun(before.at(-1 - tail), after.at(-1 - tail))) tail += 1;
  return { head, tail };
}

function isSameRun(one: Run | undefined, other: Run | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return one[0] === other[0] && isSameOrigin(one[1], other[1]);
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
