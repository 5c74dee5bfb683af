/** Rows held in memory: the same application of changes that the index does on disk. */
import type { Entry } from '../journal/entry.ts';
import { foldEntry } from './fold.ts';
import { type Change, keys, type OpeningRow, type Tables, type WriterRow } from './rows.ts';

export type Shelf = {
  readonly writers: ReadonlyMap<string, WriterRow>;
  readonly openings: ReadonlyMap<string, OpeningRow>;
  readonly tables: { readonly [T in keyof Tables]: ReadonlyMap<string, Tables[T]> };
  take(entry: Entry): void;
};

export function openShelf(): Shelf {
  const writers = new Map<string, WriterRow>();
  const openings = new Map<string, OpeningRow>();
  const tables = {
    losses: new Map(),
    turns: new Map(),
    steps: new Map(),
    texts: new Map(),
    claims: new Map(),
    plans: new Map(),
    marks: new Map(),
    problems: new Map(),
  } satisfies { [T in keyof Tables]: Map<string, Tables[T]> };

  return {
    writers,
    openings,
    tables,
    take(entry) {
      const seen = openingKey(entry.writer, entry.session);
      const known = { writer: writers.get(entry.writer), opening: openings.get(seen) };
      const { writer, opening, changes } = foldEntry(known, entry);
      writers.set(entry.writer, writer);
      if (opening !== undefined) openings.set(seen, opening);
      for (const change of changes) applyChange(tables[change.table], change);
    },
  };
}

function openingKey(writer: string, session: string | undefined): string {
  return JSON.stringify([writer, session]);
}

function rowKey(change: Change): string {
  const row = change.row as unknown as Record<string, unknown>;
  return JSON.stringify(keys[change.table].map((it) => row[it]));
}

function applyChange(table: Map<string, unknown>, change: Change): void {
  const key = rowKey(change);
  const before = table.get(key);
  const known = before as object | undefined;
  const row = change.how === 'put' ? { ...known, ...change.row } : { ...change.row, ...known };
  table.set(key, row);
}
