/** Files that are there whole after a power cut, or not at all: temp, fsync, rename, fsync of the folder. */
import {
  closeSync,
  constants,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { threadId } from 'node:worker_threads';

/** Called by name before each step that a crash could cut short. */
export type Failpoint = (name: string) => void;

export function writeDurable(
  file: string,
  bytes: Uint8Array,
  failpoint: Failpoint = () => {},
): void {
  const temp = nameTemp(`${file}.tmp`);
  try {
    writeNew(temp, bytes);
    failpoint('file-written');
    renameSync(temp, file);
  } catch (error) {
    removeTemp(temp);
    throw error;
  }
  failpoint('file-renamed');
  syncFolder(dirname(file));
}

let named = 0;

/** Says whose it is, so that what a dead process left can be told from work in progress. */
export function nameTemp(stem: string): string {
  named += 1;
  return `${stem}_${process.pid}_${threadId}_${named}`;
}

/** Written whole and synced, or an error: a full disk can return a short count with no error. */
export function writeNew(file: string, bytes: Uint8Array): void {
  const fd = openSync(file, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
  try {
    writeWhole(fd, bytes);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** At the end, or from `position` on. */
export function writeWhole(fd: number, bytes: Uint8Array, position?: number): void {
  for (let at = 0; at < bytes.length; ) {
    const to = position === undefined ? null : position + at;
    const written = writeSync(fd, bytes, at, bytes.length - at, to);
    if (written === 0)
      throw Object.assign(new Error('disk took no more bytes'), { code: 'ENOSPC' });
    at += written;
  }
}

export function syncFolder(folder: string): void {
  const fd = openSync(folder, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** With the folders above it, where they are new; their names are durable on return. */
export function makeFolder(folder: string): void {
  const made = mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (made === undefined) return;
  for (let at = dirname(folder); ; at = dirname(at)) {
    syncFolder(at);
    if (at === dirname(made) || at === dirname(at)) return;
  }
}

export function removeTemp(file: string): void {
  try {
    unlinkSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
