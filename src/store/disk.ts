/** The few calls through which a journal reaches the disk, so that a test can make each of them fail. */
import {
  closeSync,
  existsSync,
  fchmodSync,
  fdatasync,
  fdatasyncSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { promisify } from 'node:util';

export type Disk = {
  /** A new file that only its owner can read. */
  readonly create: (path: string) => number;
  /** How many bytes were taken, which may be fewer than were given. */
  readonly write: (fd: number, bytes: Uint8Array, position: number) => number;
  readonly truncate: (fd: number, length: number) => void;
  readonly sync: (fd: number) => Promise<void>;
  readonly syncNow: (fd: number) => void;
  /** Makes the names of new files durable. */
  readonly syncFolder: (path: string) => void;
  readonly isThere: (path: string) => boolean;
  readonly close: (fd: number) => void;
};

const onlyMine = 0o600;
const syncInPool = promisify(fdatasync);

export function openDisk(): Disk {
  return {
    create: createFile,
    write: (fd, bytes, position) => writeSync(fd, bytes, 0, bytes.byteLength, position),
    truncate: ftruncateSync,
    sync: syncInPool,
    syncNow: fdatasyncSync,
    syncFolder,
    isThere: existsSync,
    close: closeSync,
  };
}

function createFile(path: string): number {
  const fd = openSync(path, 'wx', onlyMine);
  try {
    // The mode given to open() is what a strange umask has left of it.
    fchmodSync(fd, onlyMine);
  } catch (error) {
    closeSync(fd);
    unlinkSync(path);
    throw error;
  }
  return fd;
}

function syncFolder(path: string): void {
  // Windows cannot open a folder, and keeps names durable by itself.
  if (process.platform === 'win32') return;
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
