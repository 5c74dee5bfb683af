/** What a window taught, as a line of the cache: origins once, and numbers for them. */
import type { Taught } from './fold-window.ts';
import type { Ledger } from './ledger.ts';
import type { Origin } from './origin.ts';
import type { Run } from './runs.ts';

export type Entry = {
  /** The checkpoint. */
  readonly id: string;
  /** What it was folded from: another key, and it has to be folded anew. */
  readonly key: string;
  readonly origins: readonly Origin[];
  readonly pages: readonly (readonly [
    oid: string,
    path: string,
    isTelling: 0 | 1,
    ...runs: number[],
  ])[];
  readonly lost: readonly (readonly [path: string, oid: string])[];
  readonly confirmed: Taught['confirmed'];
  readonly unclaimed: Taught['unclaimed'];
  /** The session in whose turn it was taken, if in one. */
  readonly session?: string;
  /** What tool calls said that they write, by session. */
  readonly told: readonly (readonly [session: string, step: string, path: string])[];
};

export type EntryHead = Pick<Entry, 'id' | 'key' | 'told'> & { readonly session?: string };

export function writeEntry(head: EntryHead, { pages, lost, confirmed, unclaimed }: Taught): Entry {
  const numbers = new Map<Origin, number>();
  const byName = new Map<string, number>();
  const origins: Origin[] = [];
  const numberOf = (origin: Origin) => {
    const known = numbers.get(origin) ?? numberByName(origin);
    numbers.set(origin, known);
    return known;
  };
  const numberByName = (origin: Origin) => {
    const name = JSON.stringify(origin);
    const known = byName.get(name) ?? origins.push(origin) - 1;
    byName.set(name, known);
    return known;
  };
  return {
    ...head,
    pages: pages.map(({ oid, page }) => [
      oid,
      page.path,
      page.isTelling ? 1 : 0,
      ...page.runs.flatMap(([count, origin]) => [count, numberOf(origin)]),
    ]),
    lost: lost.map(({ path, oid }) => [path, oid]),
    confirmed,
    unclaimed,
    origins,
  };
}

export function replayEntry(ledger: Ledger, { origins, pages, lost }: Entry): void {
  for (const [oid, path, isTelling, ...numbers] of pages) {
    const runs: Run[] = [];
    for (let at = 0; at + 1 < numbers.length; at += 2) {
      const origin = origins[numbers[at + 1] ?? -1];
      if (origin !== undefined) runs.push([numbers[at] ?? 0, origin]);
    }
    ledger.put(oid, { path, runs, isTelling: isTelling === 1 });
  }
  for (const [path, oid] of lost) ledger.noteLost(path, oid);
}
