/** The index: what the journals say, in tables that can be asked. It is derived: any process may
 * build it, one at a time, all may ask it meanwhile, and nothing is lost with it.
 */
import { existsSync, statSync } from 'node:fs';
import { Failure } from '../../errors.ts';
import { listJournals } from '../journal-names.ts';
import { openCursors } from './cursors.ts';
import { type Database, type Driver, hasSoundWal, loadDriver, readVersion } from './driver.ts';
import {
  isDamage,
  isRefusal,
  judgeFile,
  openToRead,
  openToWrite,
  refuseNewer,
  removeFile,
  setAside,
  settle,
  settleIfLong,
} from './index-file.ts';
import { ingestJournals } from './ingest.ts';
import { type Lock, takeLock } from './lock.ts';

export type CaughtUp = {
  /** Entries that were taken now. */
  readonly entries: number;
  /** The journals have more than the index: another process is at it, or the disk refuses. */
  readonly behind: boolean;
  /** Why it was built anew, if it was. */
  readonly rebuilt?: string;
};

export type TraceIndex = {
  catchUp(onProgress?: (entries: number) => void): Promise<CaughtUp>;
  /** Builds it anew, whatever is there. */
  rebuild(onProgress?: (entries: number) => void): Promise<{ entries: number; files: number }>;
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
  readonly entriesPerBatch?: number;
  readonly now?: () => number;
};

const usualLockWaitMs = 250;
const rebuildLockWaitMs = 10_000;

export async function openIndex(place: IndexPlace): Promise<TraceIndex> {
  const driver = await loadDriver();
  const { path, journal, lockWaitMs = usualLockWaitMs, now = Date.now } = place;
  let reader: { database: Database; inode: bigint } | undefined;

  async function catchUp(onProgress?: (entries: number) => void): Promise<CaughtUp> {
    try {
      const lock = takeLock(driver, path, lockWaitMs);
      if (lock === undefined) return { entries: 0, behind: isBehind() };
      return await holding(lock, () => mend(onProgress));
    } catch (error) {
      if (!isRefusal(error)) throw error;
      return { entries: 0, behind: isBehind() };
    }
  }

  async function rebuild(
    onProgress?: (entries: number) => void,
  ): Promise<{ entries: number; files: number }> {
    const lock = takeLock(driver, path, rebuildLockWaitMs);
    if (lock === undefined)
      throw new Failure('busy', `another process is writing ${path}`, {
        data: { path },
        hint: 'try again when it has finished',
      });
    return holding(lock, async () => {
      refuseNewer(path);
      closeReader();
      removeFile(path);
      const entries = await fill(onProgress);
      return { entries, files: listJournals(journal).length };
    });
  }

  /** With the lock: whatever is wrong with the file, afterwards it has what the journals have. */
  async function mend(onProgress?: (entries: number) => void): Promise<CaughtUp> {
    try {
      const wrong = findWrong();
      if (wrong === undefined && measureBacklog() === 0) return { entries: 0, behind: false };
      if (wrong !== undefined) startAnew();
      return { entries: await fill(onProgress), behind: false, ...sayRebuilt(wrong) };
    } catch (error) {
      if (!isDamage(error)) throw error;
      startAnew();
      const entries = await fill(onProgress);
      return { entries, behind: false, rebuilt: 'the index was damaged' };
    }
  }

  /** Undefined also when there is nothing yet that could be wrong. */
  function findWrong(): string | undefined {
    const found = judgeFile(path, now());
    if (found === 'missing') removeFile(path);
    if (found === 'another') return 'the index was not as clew had left it';
    return found === 'sound' ? findBreak() : undefined;
  }

  function startAnew(): void {
    closeReader();
    setAside(path, now());
  }

  function findBreak(): string | undefined {
    return openCursors(openReader()).findBreak(listJournals(journal));
  }

  async function fill(onProgress?: (entries: number) => void): Promise<number> {
    const database = openToWrite(driver, path);
    try {
      const entries = await ingestJournals(database, {
        files: listJournals(journal),
        onCommit: () => settleIfLong(database, path),
        ...(place.entriesPerBatch === undefined ? {} : { entriesPerBatch: place.entriesPerBatch }),
        ...(onProgress === undefined ? {} : { onProgress }),
      });
      if (0 < entries) settle(database, path);
      return entries;
    } finally {
      database.close();
    }
  }

  function isBehind(): boolean {
    return backlogBytes() !== 0;
  }

  function backlogBytes(): number | undefined {
    refuseNewer(path);
    try {
      return measureBacklog();
    } catch (error) {
      if (isRefusal(error)) throw noIndex(path, error);
      if (!isDamage(error)) throw error;
      return undefined;
    }
  }

  function measureBacklog(): number | undefined {
    if (!existsSync(path)) return undefined;
    const files = listJournals(journal);
    const cursors = openCursors(openReader());
    if (cursors.findBreak(files) !== undefined) return undefined;
    return files.reduce((sum, it) => {
      const size = statSync(it.path, { throwIfNoEntry: false })?.size ?? 0;
      return sum + Math.max(0, size - (cursors.get(it)?.offset ?? 0));
    }, 0);
  }

  /** The file may have been replaced by another process since it was opened. */
  function openReader(): Database {
    const inode = statSync(path, { bigint: true, throwIfNoEntry: false })?.ino;
    if (inode === undefined) throw noIndex(path);
    if (reader?.inode === inode) return reader.database;
    closeReader();
    reader = { database: openToRead(driver, path), inode };
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

  return {
    catchUp,
    rebuild,
    backlogBytes,
    async ask(question) {
      try {
        return askOnce(question);
      } catch (error) {
        if (isRefusal(error)) throw noIndex(path, error);
        if (!isDamage(error)) throw error;
        await rebuild();
        return askOnce(question);
      }
    },
    notes: tellNotes(driver),
    close: closeReader,
  };
}

function tellNotes(driver: Driver): string[] {
  const version = readVersion(driver);
  if (hasSoundWal(version)) return [];
  return [
    `SQLite ${version} may lose transactions in its quicker mode, so the index uses the slower`,
  ];
}

function sayRebuilt(why: string | undefined): { rebuilt?: string } {
  return why === undefined ? {} : { rebuilt: why };
}

async function holding<T>(lock: Lock, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    lock.release();
  }
}

function noIndex(path: string, cause?: unknown): Failure {
  const why = cause instanceof Error ? `: ${cause.message}` : '';
  return new Failure('index-unavailable', `there is no index at ${path} that can be read${why}`, {
    data: { path },
    hint: 'see that its folder can be written and has space, then run `clew reindex`',
    cause,
  });
}
