/** What is known of the versions of files that were ever seen: for each blob id, where its lines come from. */
import type { Run } from './runs.ts';

export type Page = {
  /** Where the version was seen first. */
  readonly path: string;
  readonly runs: readonly Run[];
  /** So long that the same bytes elsewhere are no chance. */
  readonly isTelling: boolean;
};

export type Ledger = {
  /** `from`: the file's earlier name. */
  find(oid: string, path: string, from?: string): Page | undefined;
  put(oid: string, page: Page): void;
  /** A version that had lines of an agent that the next one has not. */
  noteLost(path: string, oid: string): void;
  /** The last of these, the newest first. */
  listLost(path: string): readonly string[];
  /** Every version of the path that was seen, the newest first. */
  listVersions(path: string): readonly string[];
};

const lostLimit = 8;

export function openLedger(): Ledger {
  const pages = new Map<string, Page[]>();
  const lost = new Map<string, string[]>();
  const versions = new Map<string, Set<string>>();
  return {
    find(oid, path, from) {
      const found = pages.get(oid) ?? [];
      return (
        found.find((it) => it.path === path) ??
        found.find((it) => it.path === from) ??
        found.find((it) => it.isTelling)
      );
    },
    put(oid, page) {
      const others = (pages.get(oid) ?? []).filter(({ path }) => path !== page.path);
      pages.set(oid, [...others, page]);
      const known = versions.get(page.path) ?? new Set();
      known.delete(oid);
      versions.set(page.path, known.add(oid));
    },
    noteLost(path, oid) {
      const others = (lost.get(path) ?? []).filter((it) => it !== oid);
      lost.set(path, [oid, ...others].slice(0, lostLimit));
    },
    listLost: (path) => lost.get(path) ?? [],
    listVersions: (path) => [...(versions.get(path) ?? [])].reverse(),
  };
}
