/** Asks the index how much it holds. */
import type { Database } from './driver.ts';
import { listed } from './tables.ts';

export type Counts = {
  readonly entries: number;
  readonly sessions: number;
  readonly turns: number;
  /** When the newest entry was written. */
  readonly lastAt?: number;
};

export function askCounts(database: Database): Counts {
  const count = (sql: string) => database.prepare(sql).pluck().get() as number | null;
  const lastAt = count('SELECT max("lastAt") FROM writers');
  return {
    entries: count('SELECT sum(entries) FROM writers') ?? 0,
    sessions: count('SELECT count(DISTINCT session) FROM openings') ?? 0,
    turns: count(`SELECT count(*) FROM turns WHERE ${listed}`) ?? 0,
    ...(lastAt === null ? {} : { lastAt }),
  };
}
