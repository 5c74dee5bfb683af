/** Brings batches of lines to disk in order, and keeps each in memory until the disk has said it is safe. */
import { join } from 'node:path';
import type { Disk } from './disk.ts';
import { passFailpoint } from './failpoint.ts';
import type { Batch } from './journal-framer.ts';
import { journalName } from './journal-names.ts';

/**
 * Everything here may throw what the disk throws, loses nothing by it, and may be called again.
 *
 * After a failed fdatasync the kernel calls the pages clean all the same, so a second fdatasync would
 * succeed without them. That is why batches stay in memory until a sync that began after them has
 * succeeded: when it fails they are written again, to the same place.
 */
export type Spool = {
  push(batches: readonly Batch[]): void;
  /** Hands everything to the operating system, except while a running sync stands in the way. */
  write(): void;
  sync(): Promise<void>;
  syncNow(): void;
  isSyncing(): boolean;
  /** Bytes that the operating system does not have yet. */
  heldBytes(): number;
  /** Bytes that it has, and that are in memory still since no sync has been for them. */
  unsyncedBytes(): number;
  /** Seq of the last entry that survives a power cut. */
  durableSeq(): number;
  /** Of the file that is written or comes next. */
  path(): string;
  close(): void;
};

type OpenFile = {
  readonly number: number;
  readonly fd: number;
  /** Up to where the file holds whole lines. */
  wholeBytes: number;
  isListed: boolean;
};

/** So much may wait behind a sync that does not come back. */
const waitingLimitBytes = 64 << 20;
const newline = 10;

export function openSpool(folder: string, writer: string, disk: Disk): Spool {
  let open: OpenFile | undefined;
  let queue: Batch[] = [];
  let queueBytes = 0;
  let unsynced: Batch[] = [];
  let unsyncedBytes = 0;
  let durableSeq = 0;
  let syncing: Promise<void> | undefined;

  const pathOf = (file: number) => join(folder, journalName(writer, file));

  function write(): void {
    for (let batch = queue[0]; batch !== undefined; batch = queue[0]) {
      if (syncing !== undefined && unsyncedBytes > waitingLimitBytes) return;
      const file = turnTo(batch.file);
      if (file === undefined) return;
      writeBatch(disk, file, batch);
      queue.shift();
      queueBytes -= batch.bytes.length;
      unsynced.push(batch);
      unsyncedBytes += batch.bytes.length;
    }
  }

  /** Undefined while a sync still needs the file before. */
  function turnTo(number: number): OpenFile | undefined {
    if (open?.number !== number) {
      if (syncing !== undefined) return undefined;
      leaveFile();
      passFailpoint('journal-rotate');
      open = { number, fd: disk.create(pathOf(number)), wholeBytes: 0, isListed: false };
      passFailpoint('journal-created');
    }
    if (!open.isListed) disk.syncFolder(folder);
    open.isListed = true;
    return open;
  }

  function leaveFile(): void {
    if (open === undefined) return;
    syncNow();
    const { fd } = open;
    // Also when close() complains: the descriptor is gone, and what was written is safe already.
    open = undefined;
    disk.close(fd);
  }

  function syncNow(): void {
    if (open === undefined || unsynced.length === 0) return;
    const count = unsynced.length;
    try {
      checkThere(open);
      passFailpoint('journal-sync');
      disk.syncNow(open.fd);
    } catch (error) {
      takeBack();
      throw error;
    }
    passFailpoint('journal-synced');
    keepSafe(count);
  }

  async function syncInPool(file: OpenFile): Promise<void> {
    const count = unsynced.length;
    try {
      checkThere(file);
      passFailpoint('journal-sync');
      await disk.sync(file.fd);
    } catch (error) {
      takeBack();
      throw error;
    }
    passFailpoint('journal-synced');
    keepSafe(count);
  }

  /** Who deletes the state folder makes us write into nothing, and no call would say so. */
  function checkThere({ number }: OpenFile): void {
    if (!disk.isThere(pathOf(number)))
      throw Object.assign(new Error('the journal was deleted'), { code: 'ENOENT' });
  }

  function keepSafe(count: number): void {
    for (const batch of unsynced.splice(0, count)) {
      unsyncedBytes -= batch.bytes.length;
      durableSeq = batch.lastSeq;
    }
  }

  function takeBack(): void {
    queue = [...unsynced, ...queue];
    queueBytes += unsyncedBytes;
    unsynced = [];
    unsyncedBytes = 0;
  }

  return {
    push(batches) {
      queue.push(...batches);
      for (const batch of batches) queueBytes += batch.bytes.length;
    },
    write,
    sync() {
      if (syncing !== undefined) return syncing;
      if (open === undefined || unsynced.length === 0) return Promise.resolve();
      syncing = syncInPool(open).finally(() => {
        syncing = undefined;
      });
      return syncing;
    },
    syncNow,
    isSyncing: () => syncing !== undefined,
    heldBytes: () => queueBytes,
    unsyncedBytes: () => unsyncedBytes,
    durableSeq: () => durableSeq,
    path: () => pathOf(queue[0]?.file ?? open?.number ?? 1),
    close() {
      if (open === undefined) return;
      const { fd } = open;
      open = undefined;
      const leave = () => disk.close(fd);
      // Not under the feet of a sync that a slow disk still works on.
      if (syncing === undefined) leave();
      else void syncing.then(leave, leave);
    },
  };
}

function writeBatch(disk: Disk, file: OpenFile, { bytes, offset }: Batch): void {
  let done = 0;
  try {
    passFailpoint('journal-write');
    passFailpoint('journal-torn', () =>
      disk.write(file.fd, bytes.subarray(0, bytes.length - 7), offset),
    );
    while (done < bytes.length) {
      const taken = disk.write(file.fd, bytes.subarray(done), offset + done);
      if (taken <= 0) throw Object.assign(new Error('the disk took no bytes'), { code: 'EIO' });
      done += taken;
    }
  } catch (error) {
    const whole = done === 0 ? 0 : bytes.lastIndexOf(newline, done - 1) + 1;
    throw cutBack(disk, file, { length: Math.max(file.wholeBytes, offset + whole), error });
  }
  file.wholeBytes = Math.max(file.wholeBytes, offset + bytes.length);
}

type Broken = { readonly length: number; readonly error: unknown };

/** So that nobody who reads meanwhile, or after a crash, meets half a line. */
function cutBack(disk: Disk, file: OpenFile, { length, error }: Broken): unknown {
  try {
    disk.truncate(file.fd, length);
  } catch (again) {
    // Then half a line stays: readers pass over it, and the next attempt writes over it.
    if (error instanceof Error) error.cause = again;
  }
  return error;
}
