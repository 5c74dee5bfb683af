/** Loads SQLite, the one native module, when somebody first asks something. */
import type Sqlite from 'better-sqlite3';
import { Failure } from '../../errors.ts';

export type Driver = typeof Sqlite;
export type Database = Sqlite.Database;
export type Statement = Sqlite.Statement;

const hint =
  'run `npm rebuild better-sqlite3` where clew is installed (it may need a C++ compiler and ' +
  'three minutes); until then recording goes on, and everything is indexed later';

let loaded: Driver | undefined;

/** Rejects with index-unavailable where the module was left out or does not fit this Node. */
export async function loadDriver(name = 'better-sqlite3'): Promise<Driver> {
  if (loaded !== undefined && name === 'better-sqlite3') return loaded;
  try {
    const driver = ((await import(name)) as { default: Driver }).default;
    // Importing loads no native code yet; the first database does.
    new driver(':memory:').close();
    if (name === 'better-sqlite3') loaded = driver;
    return driver;
  } catch (cause) {
    throw new Failure('index-unavailable', `the index needs better-sqlite3: ${briefly(cause)}`, {
      data: { module: name },
      hint,
      cause,
    });
  }
}

/** Without the dozen places that were tried, and without the words that announce them. */
function briefly(cause: unknown): string {
  const first = cause instanceof Error ? (cause.message.split('\n', 1)[0] ?? '') : String(cause);
  return first.replace(/[.\s]*Tried:$/, '');
}

export function readVersion(driver: Driver): string {
  const database = new driver(':memory:');
  try {
    return database.prepare('SELECT sqlite_version()').pluck().get() as string;
  } finally {
    database.close();
  }
}

/** SQLite before this can lose a committed transaction when two connections share a WAL. */
const soundWal = [3, 51, 3] as const;

export function hasSoundWal(version: string): boolean {
  const parts = version.split('.').map(Number);
  for (const [at, wanted] of soundWal.entries()) {
    const part = parts[at] ?? 0;
    if (part !== wanted) return wanted < part;
  }
  return true;
}
