/** Writes down what happened: one file after another, in groups, durable where somebody waits for it. */
import type { RecordingResumed } from '../contract/types.gen.ts';
import { Failure } from '../errors.ts';
import type { Entry, Note } from '../journal/entry.ts';
import type { Clock } from './clock.ts';
import { type Disk, openDisk } from './disk.ts';
import { openFramer } from './journal-framer.ts';
import { openSpool } from './journal-spool.ts';
import { type Lease, takeLease } from './lease.ts';
import { type Refusal, readRefusal, showRefusal } from './refusal.ts';

export type JournalWriter = {
  readonly writer: string;
  /** Never waits and never throws for the disk's sake: see onStop. */
  append(note: Note): Entry;
  /** Hands what was appended to the operating system. */
  flush(): void;
  /** Everything appended so far is durable when this is fulfilled; a Failure while recording is stopped. */
  acknowledge(): Promise<void>;
  /** Also gives the writer's lease back, unless the end of the journal could not be written. */
  close(): Promise<void>;
};

export type JournalWriterOptions = {
  /** The journal folder; it exists. */
  readonly folder: string;
  /** A ULID that nobody used before. */
  readonly writer: string;
  /** Id of the workspace's state folder. */
  readonly workspace: string;
  readonly clock: Clock;
  /** Where this writer tells of its progress, for its lease. */
  readonly socket?: string | undefined;
  /** The disk refused: told once, then tried again every second. */
  readonly onStop?: (refusal: Refusal) => void;
  readonly onResume?: (resumed: Omit<RecordingResumed, 'type'>) => void;
  readonly limits?: Partial<Limits>;
  readonly disk?: Disk;
};

type Limits = {
  readonly batchBytes: number;
  readonly batchMs: number;
  readonly rotateBytes: number;
  /** How much is kept in memory while the disk refuses; what comes then is lost, and counted. */
  readonly heldBytes: number;
  /** So much may wait in memory for a sync before one is begun that nobody asked for. */
  readonly unsyncedBytes: number;
  readonly retryMs: number;
};

type Stop = {
  readonly refusal: Refusal;
  readonly sinceMs: number;
  /** Notes that no recording-resumed speaks of yet. */
  lost: number;
  lostInAll: number;
  isAnnounced: boolean;
};

const usual: Limits = {
  batchBytes: 64 << 10,
  batchMs: 20,
  rotateBytes: 64 << 20,
  heldBytes: 16 << 20,
  unsyncedBytes: 1 << 20,
  retryMs: 1000,
};

export function openJournalWriter(options: JournalWriterOptions): JournalWriter {
  const { folder, writer, clock } = options;
  const limits = { ...usual, ...options.limits };
  const framer = openFramer({ ...options, rotateBytes: limits.rotateBytes });
  const spool = openSpool(folder, writer, options.disk ?? openDisk());
  let lease: Lease | undefined;
  let stop: Stop | undefined;
  let isClosed = false;
  let batchTimer: NodeJS.Timeout | undefined;
  let retryTimer: NodeJS.Timeout | undefined;

  function flush(): void {
    clearTimeout(batchTimer);
    batchTimer = undefined;
    spool.push(framer.take());
    if (stop !== undefined) return;
    const refusal = meetRefusal(writeDown);
    if (refusal !== undefined) stopRecording(refusal);
    else if (spool.heldBytes() > limits.heldBytes)
      stopRecording(showRefusal('ETIMEDOUT', spool.path()));
    else if (spool.unsyncedBytes() > limits.unsyncedBytes && !spool.isSyncing())
      void syncInPassing();
  }

  /** Beside the recording, which a slow disk would hold up otherwise. */
  async function syncInPassing(): Promise<void> {
    try {
      await spool.sync();
    } catch (error) {
      stopRecording(refusalIn(error));
    }
  }

  function writeDown(): void {
    // Before the first file: who finds a file without a lease takes it for one that nobody writes.
    lease ??= takeLease(folder, writer, { socket: options.socket });
    spool.write();
  }

  function meetRefusal(work: () => void): Refusal | undefined {
    try {
      work();
      return undefined;
    } catch (error) {
      return refusalIn(error);
    }
  }

  function refusalIn(error: unknown): Refusal {
    const refusal = readRefusal(error, spool.path());
    if (refusal === undefined) throw error;
    return refusal;
  }

  function stopRecording(refusal: Refusal): void {
    if (stop !== undefined) return;
    stop = { refusal, sinceMs: clock.mono(), lost: 0, lostInAll: 0, isAnnounced: false };
    retryTimer = setInterval(tryAgain, limits.retryMs).unref();
    options.onStop?.(refusal);
  }

  function tryAgain(): void {
    const now = stop;
    if (now === undefined || spool.isSyncing()) return;
    const refusal = meetRefusal(() => {
      writeHeld();
      // Only then is it sure that the disk takes something again, and there is room to say so.
      spool.syncNow();
      if (now.isAnnounced && now.lost === 0) return;
      framer.append({ event: { type: 'recording-resumed', ...resumedFrom(now) } });
      now.lostInAll += now.lost;
      now.lost = 0;
      now.isAnnounced = true;
      writeHeld();
    });
    if (refusal !== undefined) return;
    clearInterval(retryTimer);
    stop = undefined;
    options.onResume?.({ ...resumedFrom(now), lost: now.lostInAll });
  }

  function writeHeld(): void {
    spool.push(framer.take());
    writeDown();
  }

  function resumedFrom({ refusal, lost, sinceMs }: Stop): Omit<RecordingResumed, 'type'> {
    return { why: refusal.why, lost, afterMs: Math.round(clock.mono() - sinceMs) };
  }

  function isOverflowing(): boolean {
    if (stop === undefined) return false;
    // Once something is lost all that follows is, until recording-resumed says how much: one hole, one word.
    return stop.lost > 0 || spool.heldBytes() + framer.size() > limits.heldBytes;
  }

  async function acknowledge(): Promise<void> {
    const target = framer.lastSeq();
    flush();
    while (spool.durableSeq() < target) {
      if (stop !== undefined) throw stopped(stop.refusal);
      try {
        await spool.sync();
      } catch (error) {
        stopRecording(refusalIn(error));
      }
      flush();
    }
  }

  async function finish(): Promise<void> {
    tryAgain();
    await acknowledge();
    // Also the first line of a file without entries.
    const refusal = meetRefusal(() => spool.syncNow());
    if (refusal !== undefined) throw stopped(refusal);
  }

  async function close(): Promise<void> {
    if (isClosed) return;
    isClosed = true;
    try {
      // Once more at once: there is nobody left who could try again in a second.
      await finish().catch(finish);
    } finally {
      clearTimeout(batchTimer);
      clearInterval(retryTimer);
      // Everything is safe by now, or is known not to be: a complaint would say nothing new.
      meetRefusal(() => spool.close());
    }
    lease?.release();
  }

  flush();

  return {
    writer,
    append(note) {
      if (isClosed) throw new Error('the journal writer is closed');
      if (stop !== undefined && isOverflowing()) {
        stop.lost += 1;
        return framer.skip(note);
      }
      const entry = framer.append(note);
      if (framer.size() >= limits.batchBytes) flush();
      else batchTimer ??= setTimeout(flush, limits.batchMs);
      return entry;
    },
    flush,
    acknowledge,
    close,
  };
}

function stopped({ path, why, code, hint }: Refusal): Failure {
  const message = `recording has stopped: cannot write ${path}: ${why}`;
  return new Failure('recording-stopped', message, { hint, data: { path, code } });
}
