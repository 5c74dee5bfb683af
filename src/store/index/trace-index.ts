/** The index: what the journals say, in tables that can be asked.
 *
 * It is derived. Any process may build it, one at a time; all may ask it meanwhile, and they are
 * told when there is more in the journals than in it. Nothing is lost with it.
 */
import { existsSync, statSync } from 'node:fs';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../../errors.ts';
import { listJournals } from '../journal-names.ts';
import {
  type BuilderOptions,
  type Built,
  measureBacklog,
  mendIndex,
  type OnProgress,
  rebuildIndex,
  replaceIndex,
} from './builder.ts';
import { type Database, type Driver, hasSoundWal, loadDriver, readVersion } from './driver.ts';
import { isDamage, isRefusal, openToRead, refuseNewer } from './index-file.ts';
import { takeLock } from './lock.ts';

export type CaughtUp = Built & {
  /** The journals have more than the index: another process is at it, the disk refuses, or it was enough. */
  readonly behind: boolean;
};

export type TraceIndex = {
  catchUp(onProgress?: OnProgress): Promise<CaughtUp>;
  /** Builds it anew, whatever is there. */
  rebuild(onProgress?: OnProgress): Promise<{ entries: number; files: number }>;
  /** Journal bytes that it has not taken in; undefined when it has to be built anew. */
  backlogBytes(): number | undefined;
  /** Everything a question reads is of one moment. A damaged index is built anew and asked again. */
  ask<T>(question: (database: Database) => T): Promise<T>;
  /** What a person should know of it. */
  readonly notes: readonly string[];
  close(): void;
};

export type IndexPlace = {
  /** Of the database file. */
  readonly path: string;
  readonly journal: string;
  /** How long another process may keep us from writing before we answer from what is there. */
  readonly lockWaitMs?: number;
  /** Fewer where the same thread has other work to do. */
  readonly entriesPerBatch?: number;
  /** How much of the file is kept in memory. */
  readonly cacheKib?: number;
  /** Asked now and then while it catches up: whether it is to stop here, and leave the rest to the next time. */
  readonly isEnough?: (() => boolean) | undefined;
  readonly now?: () => number;
};

const usualLockWaitMs = 250;
const rebuildLockWaitMs = 60_000;
/** Who waits for longer does it in turns, and between them the thread does what else there is to do. */
const turnMs = 100;
/** While another process is making the file, a question waits for it this often and this long. */
const makingTries = 100;
const makingWaitMs = 100;

/** Of one thread there is one at a time: waiting for the lock would keep its holder from working. */
const writing = new Map<string, Promise<unknown>>();

export async function openIndex(place: IndexPlace): Promise<TraceIndex> {
  const driver = await loadDriver();
  const { path, journal, lockWaitMs = usualLockWaitMs, now = Date.now } = place;
  const options: BuilderOptions = { ...place, driver, now };
  let reader: { database: Database; inode: bigint } | undefined;

  function whileLocked<T>(waitMs: number, work: () => Promise<T>): Promise<T | undefined> {
    const before = writing.get(path) ?? Promise.resolve();
    const locked = before.then(() => withLock(waitMs, work));
    const over = locked.then(nothing, nothing).then(() => {
      if (writing.get(path) === over) writing.delete(path);
    });
    writing.set(path, over);
    return locked;
  }

  /** Undefined when another process has the lock. */
  async function withLock<T>(waitMs: number, work: () => Promise<T>): Promise<T | undefined> {
    let lock = takeLock(driver, path, Math.min(waitMs, turnMs));
    for (let leftMs = waitMs - turnMs; lock === undefined && leftMs > 0; leftMs -= turnMs) {
      await nextTurn();
      lock = takeLock(driver, path, Math.min(leftMs, turnMs));
    }
    if (lock === undefined) return undefined;
    try {
      return await work();
    } finally {
      lock.release();
    }
  }

  async function catchUp(onProgress?: OnProgress): Promise<CaughtUp> {
    try {
      const built = await whileLocked(lockWaitMs, () => mendIndex(options, onProgress));
      if (built === undefined) return { entries: 0, behind: isBehind() };
      return { ...built, behind: place.isEnough?.() === true && isBehind() };
    } catch (error) {
      if (!isRefusal(error)) throw error;
      return { entries: 0, behind: isBehind() };
    }
  }

  async function rebuild(onProgress?: OnProgress): Promise<{ entries: number; files: number }> {
    refuseNewer(path);
    const built = await whileLocked(rebuildLockWaitMs, () =>
      rebuildIndex(options, 'somebody wanted it', onProgress),
    ).catch(explain);
    if (built !== undefined) return { entries: built.entries, files: listJournals(journal).length };
    throw new Failure('busy', `another process is writing ${path}`, {
      data: { path },
      hint: 'try again when it has finished',
    });
  }

  function explain(error: unknown): never {
    throw isRefusal(error) ? noIndex(path, error) : error;
  }

  function isBehind(): boolean {
    return backlogBytes() !== 0;
  }

  function backlogBytes(): number | undefined {
    refuseNewer(path);
    try {
      return existsSync(path) ? measureBacklog(openReader(), journal) : undefined;
    } catch (error) {
      if (!isDamage(error) && !isRefusal(error)) throw error;
      return undefined;
    }
  }

  /** The file may have been replaced by another process since it was opened. */
  function openReader(): Database {
    const inode = statSync(path, { bigint: true, throwIfNoEntry: false })?.ino;
    if (inode === undefined) throw noIndex(path);
    if (reader?.inode === inode) return reader.database;
    closeReader();
    reader = { database: openToRead(driver, path, place.cacheKib), inode };
    return reader.database;
  }

  function closeReader(): void {
    reader?.database.close();
    reader = undefined;
  }

  function askOnce<T>(question: (database: Database) => T): T {
    const database = openReader();
    return database.transaction(() => question(database))();
  }

  async function ask<T>(question: (database: Database) => T): Promise<T> {
    for (let tries = 0; tries < makingTries; tries += 1) {
      try {
        return askOnce(question);
      } catch (error) {
        await repair(error, tries);
      }
    }
    return askOnce(question);
  }

  /** At first what is wrong may be mended, or may be over: the file was just being replaced. */
  async function repair(error: unknown, tries: number): Promise<void> {
    const isRefused = isRefusal(error);
    if (!isRefused && !isDamage(error) && existsSync(path)) throw error;
    closeReader();
    const mended = await whileLocked(lockWaitMs, async () => {
      // Nobody is at it, and still we are not let in.
      if (isRefused && 0 < tries) throw noIndex(path, error);
      return tries === 0 ? mendIndex(options) : replaceIndex(options, 'the index was damaged');
    }).catch(explain);
    if (mended === undefined) await sleep(makingWaitMs);
  }

  return { catchUp, rebuild, backlogBytes, ask, notes: tellNotes(driver), close: closeReader };
}

const nothing = () => undefined;

function tellNotes(driver: Driver): string[] {
  const version = readVersion(driver);
  if (hasSoundWal(version)) return [];
  return [
    `SQLite ${version} may lose transactions in its quicker mode, so the index uses the slower`,
  ];
}

function noIndex(path: string, cause?: unknown): Failure {
  const why = cause instanceof Error ? `: ${cause.message}` : '';
  return new Failure('index-unavailable', `there is no index at ${path} that can be read${why}`, {
    data: { path },
    hint: 'see that its folder can be written and has space, then run `clew reindex`',
    cause,
  });
}
