/** The index's file: opened, made, sealed, set aside. Only the holder of the lock makes or changes it. */
import { existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Failure } from '../../errors.ts';
import { passFailpoint } from '../failpoint.ts';
import { makePrivateFile } from '../make-private-file.ts';
import { type Database, type Driver, hasSoundWal, readVersion } from './driver.ts';
import { codeOf } from './lock.ts';
import { isSealed, readSeal, type Seal, sealAfter } from './seal.ts';
import { statements, tableNames, tablesVersion } from './tables.ts';

const waitMs = 2000;
/** Past this much log it is moved into the file, so that neither grows without end. */
const logLimitBytes = 64 << 20;
const usualCacheKib = 64 << 10;
/** How many words wait in memory for their place in the full-text table. */
const hashBytes = 4 << 20;

/** Whether the file can be used. Throws where a newer clew made it. */
export function judgeFile(path: string, now: number): 'missing' | 'another' | 'sound' {
  if (!existsSync(path)) return 'missing';
  const seal = refuseNewer(path);
  if (seal?.tables !== tablesVersion) return 'another';
  return isSealed(path, seal, now) ? 'sound' : 'another';
}

export function refuseNewer(path: string): Seal | undefined {
  const seal = readSeal(path);
  if (seal === undefined || seal.tables <= tablesVersion) return seal;
  throw new Failure('newer-state', `${path} was made by a newer clew (version ${seal.tables})`, {
    data: { path, version: seal.tables, known: tablesVersion },
    hint: 'update clew; or delete the file, and it is built anew from the journals',
  });
}

/** For asking: it changes nothing. */
export function openToRead(driver: Driver, path: string, cacheKib = usualCacheKib): Database {
  const database = new driver(path, { readonly: true, fileMustExist: true, timeout: waitMs });
  database.pragma(`cache_size = -${cacheKib}`);
  return database;
}

/** For the holder of the lock. */
export function openToWrite(driver: Driver, path: string, cacheKib = usualCacheKib): Database {
  const database = new driver(path, { timeout: waitMs, fileMustExist: true });
  try {
    setUp(database, driver, cacheKib);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** An empty one, in the place of whatever is there. Nobody ever sees it without its tables. */
export function makeFile(driver: Driver, path: string): void {
  const fresh = `${path}-new`;
  removeFile(fresh);
  makePrivateFile(fresh);
  const database = new driver(fresh);
  try {
    setUp(database, driver, usualCacheKib);
    makeTables(database);
    database.pragma('wal_checkpoint(TRUNCATE)');
  } finally {
    database.close();
  }
  // What is left of the old one's log must not be taken for the new one's.
  for (const it of ['-wal', '-shm', '-journal']) rmSync(`${path}${it}`, { force: true });
  sealAfter(path, { tables: tablesVersion, now: Date.now() }, () => {
    renameSync(fresh, path);
    passFailpoint('index-make');
  });
}

/** All in one: whoever reads it sees everything, or empty tables. */
export function emptyFile(driver: Driver, path: string): void {
  const database = openToWrite(driver, path);
  try {
    dropTables(database);
    // Otherwise it never gets any shorter, however little the journals hold by now.
    database.exec('VACUUM');
    makeTables(database);
  } finally {
    database.close();
  }
}

function dropTables(database: Database): void {
  database.transaction(() => {
    for (const it of tableNames) database.exec(`DROP TABLE IF EXISTS ${it}`);
  })();
}

function makeTables(database: Database): void {
  database.transaction(() => {
    for (const it of statements) database.exec(it);
    database.exec(`INSERT INTO words (words, rank) VALUES ('hashsize', ${hashBytes})`);
  })();
}

function setUp(database: Database, driver: Driver, cacheKib: number): void {
  database.pragma(`journal_mode = ${hasSoundWal(readVersion(driver)) ? 'WAL' : 'DELETE'}`);
  // It can all be made again; a power cut may cost the last transactions, not the file.
  database.pragma('synchronous = NORMAL');
  // Nothing moves into the file unseen: the seal would not fit it any more.
  database.pragma('wal_autocheckpoint = 0');
  database.pragma(`cache_size = -${cacheKib}`);
  database.pragma('temp_store = MEMORY');
}

/** Moves the log into the file and seals it. Who is just reading keeps the rest of the log for later. */
export function settle(database: Database, path: string): void {
  sealAfter(path, { tables: tablesVersion, now: Date.now() }, () => {
    database.pragma('busy_timeout = 0');
    database.pragma('wal_checkpoint(TRUNCATE)');
    database.pragma(`busy_timeout = ${waitMs}`);
    passFailpoint('index-settle');
  });
}

export function settleIfLong(database: Database, path: string): void {
  if (logLimitBytes < logSizeBytes(path)) settle(database, path);
}

function logSizeBytes(path: string): number {
  return statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
}

/** Out of the way, but kept for whoever wants to know what happened: the newest one only. */
export function setAside(path: string, now: number): void {
  const name = `${basename(path)}.bad-`;
  for (const it of readdirSync(dirname(path)))
    if (it.startsWith(name)) rmSync(join(dirname(path), it), { force: true });
  if (existsSync(path))
    renameSync(path, `${path}.bad-${new Date(now).toISOString().replaceAll(':', '')}`);
}

function removeFile(path: string): void {
  for (const it of ['', '-wal', '-shm', '-journal']) rmSync(`${path}${it}`, { force: true });
}

/** Whether the file cannot be what clew made of it, so that making it anew is the remedy. */
export function isDamage(error: unknown): boolean {
  if (error instanceof SyntaxError) return true;
  const code = codeOf(error);
  if (/^SQLITE_(CORRUPT|NOTADB|IOERR_SHORT_READ)/.test(code)) return true;
  return code === 'SQLITE_ERROR' && /no such (table|column)|malformed/.test(String(error));
}

/** Whether the disk does not let us write: full, read-only, not ours. What is there can be read. */
export function isRefusal(error: unknown): boolean {
  return /^(SQLITE_(FULL|READONLY|CANTOPEN|IOERR|PERM)|E[A-Z]+$)/.test(codeOf(error));
}
