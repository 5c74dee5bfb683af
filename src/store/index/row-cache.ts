/** The rows that every entry of a writer changes, kept in memory between two writings. */
import type { AllTables } from '../../trace/rows.ts';
import type { Database } from './driver.ts';
import { columnsOf, decodeRow, encodeRow } from './tables.ts';

export type RowCache<Row> = {
  get(...key: string[]): Row | undefined;
  set(row: Row, ...key: string[]): void;
  write(): void;
};

/** Past this many rows they are forgotten at the next writing. */
const rowLimit = 10_000;

export function openRowCache<T extends 'writers' | 'openings'>(
  database: Database,
  table: T,
  key: readonly string[],
): RowCache<AllTables[T]> {
  const names = columnsOf(table).map(([name]) => `"${name}"`);
  const where = key.map((it) => `"${it}" = ?`).join(' AND ');
  const find = database.prepare(`SELECT * FROM ${table} WHERE ${where}`);
  const marks = names.map(() => '?').join(', ');
  const replace = database.prepare(`REPLACE INTO ${table} (${names.join(', ')}) VALUES (${marks})`);
  const rows = new Map<string, AllTables[T] | undefined>();
  const changed = new Set<string>();

  return {
    get(...values) {
      const name = values.join('\n');
      if (rows.has(name)) return rows.get(name);
      const found = find.get(...values);
      const row = found === undefined ? undefined : decodeRow(table, found);
      rows.set(name, row);
      return row;
    },
    set(row, ...values) {
      const name = values.join('\n');
      rows.set(name, row);
      changed.add(name);
    },
    write() {
      for (const name of changed)
        replace.run(encodeRow(table, rows.get(name) as unknown as Record<string, unknown>));
      changed.clear();
      if (rowLimit < rows.size) rows.clear();
    },
  };
}
