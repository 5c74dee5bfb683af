/** The file of the state store: made, checked, set aside when it is damaged, swept of what has expired. */
import { rmSync, statSync } from 'node:fs';
import { type Database, type Driver, hasSoundWal, readVersion } from '../index/driver.ts';
import { isDamage, setAside } from '../index/index-file.ts';
import { takeLock } from '../index/lock.ts';
import { makePrivateFile } from '../make-private-file.ts';

export type StateFile = {
  /** Tells this file from another one that took its place. */
  readonly inode: number;
  readonly notes: readonly string[];
  /** Deletes what expired before `now`; answers how many. */
  sweep(now: number): number;
  close(): void;
};

const lockMs = 2_000;
const waitMs = 250;
const cacheKib = 512;
const sweepRows = 500;
const sweepRounds = 40;
export const tablePrefix = 's_';

/** `damaged`: the inode of a file that somebody met damage in, if it still lies there. */
export function openStateFile(driver: Driver, path: string, damaged?: number): StateFile {
  const lock = takeLock(driver, path, lockMs);
  try {
    if (damaged !== undefined && readInode(path) === damaged) putAside(path);
    try {
      return openOnce(driver, path);
    } catch (error) {
      if (!isDamage(error)) throw error;
      putAside(path);
      return openOnce(driver, path);
    }
  } finally {
    lock?.release();
  }
}

/** The logs beside it belong to it alone: taken for another file's they would damage that one too. */
function putAside(path: string): void {
  setAside(path, Date.now());
  for (const it of ['-wal', '-shm', '-journal']) rmSync(`${path}${it}`, { force: true });
}

function openOnce(driver: Driver, path: string): StateFile {
  makePrivateFile(path);
  const database = new driver(path, { timeout: waitMs });
  database.pragma(`cache_size = -${cacheKib}`);
  try {
    const notes = chooseMode(database, readVersion(driver), path);
    listTables(database);
    return {
      inode: readInode(path) ?? 0,
      notes,
      sweep: (now) => sweep(database, now),
      close: () => database.close(),
    };
  } catch (error) {
    database.close();
    throw error;
  }
}

function chooseMode(database: Database, version: string, path: string): string[] {
  const wanted = hasSoundWal(version) ? 'wal' : 'delete';
  const got = database.pragma(`journal_mode = ${wanted}`, { simple: true });
  if (wanted === 'delete')
    return [`SQLite ${version} may lose what two processes write at once: ${path} has no WAL`];
  return got === wanted ? [] : [`${path} has journal mode ${got}, since its disk knows no WAL`];
}

function listTables(database: Database): string[] {
  const names = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").pluck();
  return (names.all() as string[]).filter((it) => it.startsWith(tablePrefix));
}

/** Bounded: what is left is swept the next time. */
function sweep(database: Database, now: number): number {
  let swept = 0;
  for (const table of listTables(database)) {
    const expired = `json_valid(value) AND json_extract(value, '$.expires') < ?`;
    const some = `SELECT rowid FROM ${table} WHERE ${expired} LIMIT ${sweepRows}`;
    const statement = database.prepare(`DELETE FROM ${table} WHERE rowid IN (${some})`);
    for (let round = 0; round < sweepRounds; round += 1) {
      const { changes } = statement.run(now);
      swept += changes;
      if (changes < sweepRows) break;
    }
  }
  return swept;
}

function readInode(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.ino;
}
