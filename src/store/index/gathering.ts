/** Rows of one table that wait to be written: each once, however often it changed meanwhile. */
import { keys, type Tables } from '../../trace/rows.ts';
import type { Database, Statement } from './driver.ts';
import { columnsOf, encodeRow } from './tables.ts';

export type Row = Readonly<Record<string, unknown>>;

export type Gathering = {
  /** fill: only what is not known yet. */
  add(how: 'put' | 'fill', row: Row): void;
  write(): void;
};

type Waiting = { put?: Row; fill?: Row };

export function openGathering(database: Database, table: keyof Tables): Gathering {
  const put = prepareUpsert(database, table, 'put');
  const fill = prepareUpsert(database, table, 'fill');
  const waiting = new Map<string, Waiting>();
  const own = keys[table];
  return {
    add(how, row) {
      const key = nameRow(own, row);
      const before = waiting.get(key);
      const known = before?.[how];
      if (before === undefined) waiting.set(key, { [how]: row });
      else if (known === undefined) before[how] = row;
      else before[how] = how === 'put' ? { ...known, ...row } : { ...row, ...known };
    },
    write() {
      for (const row of waiting.values()) {
        if (row.fill !== undefined) fill.run(encodeRow(table, row.fill));
        if (row.put !== undefined) put.run(encodeRow(table, row.put));
      }
      waiting.clear();
    },
  };
}

/** No writer has a line break in its name, so that two names need no more between them. */
function nameRow(key: readonly string[], row: Row): string {
  const [first = '', second = ''] = key;
  if (key.length === 2) return `${row[first]}\n${row[second]}`;
  return JSON.stringify(key.map((it) => row[it]));
}

export function prepareInsert(database: Database, table: keyof Tables): Statement {
  const names = columnsOf(table).map(([name]) => `"${name}"`);
  const marks = names.map(() => '?').join(', ');
  return database.prepare(`INSERT INTO ${table} (${names.join(', ')}) VALUES (${marks})`);
}

function prepareUpsert(database: Database, table: keyof Tables, how: 'put' | 'fill'): Statement {
  const names = columnsOf(table).map(([name]) => `"${name}"`);
  const marks = names.map(() => '?').join(', ');
  const sets = names.map((it) =>
    how === 'put'
      ? `${it} = coalesce(excluded.${it}, ${it})`
      : `${it} = coalesce(${it}, excluded.${it})`,
  );
  return database.prepare(
    `INSERT INTO ${table} (${names.join(', ')}) VALUES (${marks})
     ON CONFLICT DO UPDATE SET ${sets.join(', ')}`,
  );
}
