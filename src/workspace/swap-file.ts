/**
 * Replaces a file only if it is still the one that was read: any number of processes may do so at
 * once, none waits for another, and no change is lost.
 *
 * Who wants to replace a file writes its successor beside it, and says so under a name that is made
 * of the file as it was read: a symbolic link, which only one can make. From then on anybody may
 * finish it, by renaming; a successor can be renamed once only, so nobody who comes late does harm.
 * An editor does not know of this: between the last look and the renaming lies a moment.
 */
import { createHash, randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  linkSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  symlinkSync,
  unlinkSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { syncFolder, writeSynced } from './write-file.ts';

export type SeenFile = {
  readonly bytes: Buffer;
  /** Of this very file in this very state: no later one has it. */
  readonly stamp: string;
  readonly mode: number;
};

/** Undefined where there is none. */
export function readSeenFile(path: string): SeenFile | undefined {
  for (;;) {
    const fd = openIfThere(path);
    if (fd === undefined) return undefined;
    try {
      const before = fstatSync(fd, { bigint: true });
      const bytes = readFileSync(fd);
      const after = fstatSync(fd, { bigint: true });
      // Somebody wrote into it or took it away just now: then it is read from the beginning.
      if (before.ctimeNs !== after.ctimeNs || BigInt(bytes.length) !== after.size) continue;
      const hash = createHash('sha256').update(`${after.ino} ${after.ctimeNs} `).update(bytes);
      return { bytes, stamp: hash.digest('hex').slice(0, 32), mode: Number(after.mode) & 0o7777 };
    } finally {
      closeSync(fd);
    }
  }
}

/** False when it is no longer what was seen; then nothing was done. `path`: no symbolic link. */
export function swapFile(path: string, seen: SeenFile | undefined, bytes: Uint8Array): boolean {
  const successor = nameSuccessor(path);
  try {
    writeSynced(successor, bytes, seen?.mode ?? newMode());
    const isIn = seen === undefined ? makeNew(successor, path) : replace(path, seen, successor);
    if (isIn) syncFolder(dirname(path));
    return isIn;
  } finally {
    drop(successor);
    clearLeftovers(path);
  }
}

function makeNew(successor: string, path: string): boolean {
  try {
    linkSync(successor, path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    if (code === undefined || !linkless.has(code)) throw error;
    if (isThere(path)) return false;
    renameSync(successor, path);
    return true;
  }
}

function replace(path: string, { stamp }: SeenFile, successor: string): boolean {
  const decision = nameDecision(path, stamp);
  try {
    symlinkSync(basename(successor), decision);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') {
      finish(path, stamp);
      return false;
    }
    if (code === undefined || !linkless.has(code)) throw error;
    return readSeenFile(path)?.stamp === stamp && rename(successor, path);
  }
  try {
    // Taken back before anybody can have finished it, or finished by somebody.
    if (readSeenFile(path)?.stamp !== stamp) return !drop(successor);
    rename(successor, path);
    return true;
  } finally {
    drop(decision);
  }
}

/** Somebody else replaces it; perhaps they were stopped before they could. */
function finish(path: string, stamp: string): void {
  const decision = nameDecision(path, stamp);
  const successor = readSuccessor(path, decision);
  if (successor === undefined || readSeenFile(path)?.stamp !== stamp) return;
  rename(successor, path);
  drop(decision);
}

/** A link that is none of ours leads anywhere. */
function readSuccessor(path: string, decision: string): string | undefined {
  try {
    const name = readlinkSync(decision);
    return isOurs(path, name) ? join(dirname(path), name) : undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'EINVAL') throw error;
    return undefined;
  }
}

/** What killed processes left: decisions about a file that is gone, and successors nobody decided on. */
function clearLeftovers(path: string): void {
  const folder = dirname(path);
  const names = readdirSync(folder).filter((it) => isOurs(path, it));
  if (names.length === 0) return;
  // Read after the names: a decision about another state of the file is about a past one.
  const { stamp = '' } = readSeenFile(path) ?? {};
  const living = nameDecision(path, stamp);
  const wanted = readSuccessor(path, living);
  for (const it of names.map((name) => join(folder, name))) {
    const isLeft = it.endsWith(decided) ? it !== living : it !== wanted && isDead(it);
    if (isLeft) drop(it);
  }
}

const next = '.next';
const decided = '.decided';

function nameSuccessor(path: string): string {
  const own = `${process.pid}-${randomBytes(8).toString('hex')}`;
  return join(dirname(path), `.${basename(path)}.${own}${next}`);
}

const nameDecision = (path: string, stamp: string) =>
  join(dirname(path), `.${basename(path)}.${stamp}${decided}`);

function isOurs(path: string, name: string): boolean {
  const stem = `.${basename(path)}.`;
  return name.startsWith(stem) && /^[0-9a-f-]+\.(?:next|decided)$/.test(name.slice(stem.length));
}

function isDead(name: string): boolean {
  const pid = Number(/\.(\d+)-[0-9a-f]+\.next$/.exec(name)?.[1]);
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

/** False when it is not there. */
function rename(from: string, to: string): boolean {
  return unlessMissing(() => renameSync(from, to));
}

function drop(path: string): boolean {
  return unlessMissing(() => unlinkSync(path));
}

function unlessMissing(work: () => void): boolean {
  try {
    work();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return false;
  }
}

function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw error;
    return undefined;
  }
}

function isThere(path: string | undefined): boolean {
  const fd = path === undefined ? undefined : openIfThere(path);
  if (fd !== undefined) closeSync(fd);
  return fd !== undefined;
}

const newMode = () => 0o666 & ~process.umask();

/** File systems without links. */
const linkless = new Set(['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK']);
