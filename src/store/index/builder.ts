/** Builds the index and mends it. Everything here is done by the holder of the lock alone. */
import { statSync } from 'node:fs';
import { listJournals } from '../journal-names.ts';
import { openCursors } from './cursors.ts';
import type { Database, Driver } from './driver.ts';
import {
  emptyFile,
  isDamage,
  judgeFile,
  makeFile,
  openToRead,
  openToWrite,
  setAside,
  settle,
  settleIfLong,
} from './index-file.ts';
import { ingestJournals } from './ingest.ts';

export type BuilderOptions = {
  readonly driver: Driver;
  readonly path: string;
  readonly journal: string;
  readonly entriesPerBatch?: number;
  readonly cacheKib?: number;
  readonly isEnough?: (() => boolean) | undefined;
  readonly now: () => number;
};

export type Built = {
  /** Entries that were taken now. */
  readonly entries: number;
  /** Why it was built anew, if it was. */
  readonly rebuilt?: string;
};

export type OnProgress = (entries: number) => void;

/** Whatever is wrong with the file, afterwards it has what the journals have. */
export async function mendIndex(options: BuilderOptions, onProgress?: OnProgress): Promise<Built> {
  const { driver, path, now } = options;
  const found = judgeFile(path, now());
  if (found === 'another')
    return replaceIndex(options, 'the index was not as clew had left it', onProgress);
  if (found === 'missing') makeFile(driver, path);
  try {
    const other = findBreak(options);
    if (other !== undefined) return await rebuildIndex(options, other, onProgress);
    return { entries: await fill(options, onProgress) };
  } catch (error) {
    if (!isDamage(error)) throw error;
    return replaceIndex(options, 'the index was damaged', onProgress);
  }
}

/** From nothing, in the same file where that can be: others may be reading it. */
export async function rebuildIndex(
  options: BuilderOptions,
  why: string,
  onProgress?: OnProgress,
): Promise<Built> {
  const { driver, path, now } = options;
  if (judgeFile(path, now()) !== 'sound') return replaceIndex(options, why, onProgress);
  try {
    emptyFile(driver, path);
    return { entries: await fill(options, onProgress), rebuilt: why };
  } catch (error) {
    if (!isDamage(error)) throw error;
    return replaceIndex(options, why, onProgress);
  }
}

/** From nothing, in a new file. The old one is kept aside. */
export async function replaceIndex(
  options: BuilderOptions,
  why: string,
  onProgress?: OnProgress,
): Promise<Built> {
  const { driver, path, now } = options;
  setAside(path, now());
  makeFile(driver, path);
  return { entries: await fill(options, onProgress), rebuilt: why };
}

function findBreak({ driver, path, journal, cacheKib }: BuilderOptions): string | undefined {
  const database = openToRead(driver, path, cacheKib);
  try {
    return openCursors(database).findBreak(listJournals(journal));
  } finally {
    database.close();
  }
}

async function fill(options: BuilderOptions, onProgress?: OnProgress): Promise<number> {
  const { driver, path, journal, entriesPerBatch, cacheKib, isEnough } = options;
  const database = openToWrite(driver, path, cacheKib);
  try {
    if (measureBacklog(database, journal) === 0) return 0;
    const entries = await ingestJournals(database, {
      files: listJournals(journal),
      onCommit: () => settleIfLong(database, path),
      isEnough,
      ...(entriesPerBatch === undefined ? {} : { entriesPerBatch }),
      ...(onProgress === undefined ? {} : { onProgress }),
    });
    if (0 < entries) settle(database, path);
    return entries;
  } finally {
    database.close();
  }
}

/** Journal bytes that it has not taken in; undefined when it is of other journals. */
export function measureBacklog(database: Database, journal: string): number | undefined {
  const files = listJournals(journal);
  const cursors = openCursors(database);
  if (cursors.findBreak(files) !== undefined) return undefined;
  return files.reduce((sum, it) => {
    const size = statSync(it.path, { throwIfNoEntry: false })?.size ?? 0;
    return sum + Math.max(0, size - (cursors.get(it)?.offset ?? 0));
  }, 0);
}
