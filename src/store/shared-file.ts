/** A small file that several processes change: one at a time, and each sees what the one before it left. */
import { randomUUID } from 'node:crypto';
import { linkSync, rmSync, statSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { openDisk } from './disk.ts';
import { judgeLife, type ProcessMark, readOwnMark } from './process-mark.ts';
import { readIfThere, writeWhole } from './whole-file.ts';

export type SharedFile = {
  /** Changes whenever the file does; undefined while there is none. */
  stamp(): string | undefined;
  read(): string | undefined;
  /**
   * Alone among all processes: what `work` gives is what the file then holds. False when somebody else was
   * at it all the time that we wait; then nothing was done.
   */
  change(work: (text: string | undefined) => string | undefined): boolean;
};

/** A change takes less than a millisecond, and a person may be waiting. */
const patienceMs = 100;
/** A thread of our own that died in the middle: its process, which is ours, does not tell. */
const longestMs = 10_000;
const pauseMs = 1;

export function openSharedFile(path: string): SharedFile {
  const lock = `${path}.lock`;
  return {
    stamp() {
      const found = statSync(path, { bigint: true, throwIfNoEntry: false });
      return found && `${found.ino} ${found.mtimeNs} ${found.size}`;
    },
    read: () => readIfThere(path)?.toString('utf8'),
    change(work) {
      if (!takeTurn(lock)) return false;
      try {
        const text = work(readIfThere(path)?.toString('utf8'));
        if (text !== undefined) writeWhole(path, text);
      } finally {
        rmSync(lock, { force: true });
      }
      return true;
    },
  };
}

function takeTurn(lock: string): boolean {
  const own = readOwnMark();
  for (let left = patienceMs; 0 < left; left -= pauseMs) {
    if (claim(lock, own)) return true;
    dropDead(lock, own);
    Atomics.wait(pause, 0, 0, pauseMs);
  }
  return false;
}

const pause = new Int32Array(new SharedArrayBuffer(4));

/** A link is made only where nothing is, and brings its content with it. */
function claim(lock: string, own: ProcessMark): boolean {
  const draft = `${lock}.${randomUUID()}.tmp`;
  writeMark(draft, own);
  try {
    linkSync(draft, lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  } finally {
    rmSync(draft, { force: true });
  }
}

function writeMark(path: string, mark: ProcessMark): void {
  const disk = openDisk();
  const fd = disk.create(path);
  try {
    disk.write(fd, new TextEncoder().encode(JSON.stringify(mark)), 0);
  } finally {
    disk.close(fd);
  }
}

/** Under a lock of its own, so that of two who see a dead holder one clears up, and not what came after it. */
function dropDead(lock: string, own: ProcessMark): void {
  const held = readDead(lock, own);
  if (held === undefined) return;
  const clearing = `${lock}.clearing`;
  if (!claim(clearing, own)) {
    if (readDead(clearing, own) !== undefined) rmSync(clearing, { force: true });
    return;
  }
  try {
    if (readDead(lock, own) === held) rmSync(lock, { force: true });
  } finally {
    rmSync(clearing, { force: true });
  }
}

/** The text of a lock whose holder is gone. */
function readDead(path: string, own: ProcessMark): string | undefined {
  const text = readIfThere(path)?.toString('utf8');
  const takenAt = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
  if (text === undefined || takenAt === undefined) return undefined;
  return isGone(text, own, Date.now() - takenAt) ? text : undefined;
}

function isGone(text: string, own: ProcessMark, ageMs: number): boolean {
  try {
    const mark = JSON.parse(text) as ProcessMark;
    if (isDeepStrictEqual(mark, own)) return longestMs < ageMs;
    return judgeLife(mark, own) === 'gone';
  } catch (error) {
    // Cut short by a full disk or a crash: whoever wrote it never had it.
    if (error instanceof SyntaxError) return true;
    throw error;
  }
}
