/** Writes one file beside where it belongs, whole and synced, and takes files away without destroying them. */
import {
  closeSync,
  constants,
  copyFileSync,
  fchmodSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readlinkSync,
  renameSync,
  symlinkSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { readStat } from './read-seen.ts';

const fresh = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

export function writeSynced(file: string | Buffer, bytes: Uint8Array, mode: number): void {
  const fd = writeBegun(file, bytes, mode);
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** Written whole, but not sure to be on the disk before it is synced; answers the open file. */
export function writeBegun(file: string | Buffer, bytes: Uint8Array, mode: number): number {
  const fd = openSync(file, fresh, 0o600);
  try {
    for (let at = 0; at < bytes.length; ) {
      const written = writeSync(fd, bytes, at, bytes.length - at);
      if (written === 0)
        throw Object.assign(new Error('disk took no more bytes'), { code: 'ENOSPC' });
      at += written;
    }
    fchmodSync(fd, mode);
    return fd;
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

export function dropFile(file: string | Buffer): void {
  if (readStat(file) !== undefined) unlinkSync(file);
}

export function syncFolder(folder: string): void {
  const fd = openSync(folder, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** By renaming; to another file system as a synced copy, and only then is the file itself let go. */
export function moveToTrash(file: string | Buffer, trash: string, number: number): void {
  mkdirSync(trash, { recursive: true, mode: 0o700 });
  const target = join(trash, String(number));
  try {
    renameSync(file, target);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    copyAcross(file, target);
    unlinkSync(file);
  }
}

function copyAcross(file: string | Buffer, target: string): void {
  if (readStat(file)?.isSymbolicLink()) {
    dropFile(target);
    symlinkSync(readlinkSync(file, 'buffer'), target);
    return;
  }
  copyFileSync(file, target);
  // With the rights that the file has: perhaps not to be written by us either.
  const fd = openSync(target, 'r');
  fsyncSync(fd);
  closeSync(fd);
}
