/** A folder that only its owner can enter: made so, kept so, and refused when it is somebody else's. */
import { chmodSync, existsSync, mkdirSync, readdirSync, type Stats, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { Failure } from '../errors.ts';
import { readRefusal } from './refusal.ts';

const onlyMine = 0o700;
const othersMay = 0o077;

/** `isOurs` tells from its names whether a folder that was there before may be closed to others. */
export function openPrivateFolder(
  path: string,
  isOurs: (names: readonly string[]) => boolean = () => true,
): void {
  refuseUnusable(path, () => {
    makeFolder(path);
    refuseForeign(path, statSync(path));
    if (process.platform !== 'win32') closeToOthers(path, isOurs);
  });
}

/** What the operating system refuses in a state folder, as a person should hear it. */
export function refuseUnusable<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const refusal = readRefusal(error, path);
    if (refusal === undefined) throw error;
    const { code, why, hint } = refusal;
    const message = `the state folder ${path} cannot be used: ${why}`;
    throw new Failure('state-refused', message, { hint, data: { path, code }, cause: error });
  }
}

/** Not mkdir's own recursion, which never ends where a folder exists and refuses a child as ENOENT (/proc). */
function makeFolder(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  const parent = dirname(path);
  if (parent !== path && !existsSync(parent)) makeFolder(parent);
  mkdirIfNone(path);
}

/** Somebody who starts at the same moment may make it first. */
function mkdirIfNone(path: string): void {
  try {
    mkdirSync(path, onlyMine);
  } catch (error) {
    const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
    if (!isFolder) throw error;
  }
}

function refuseForeign(path: string, stat: Stats): void {
  const uid = process.getuid?.();
  if (uid === undefined || stat.uid === uid) return;
  throw new Failure('state-refused', `the state folder ${path} belongs to another user`, {
    hint: 'run clew as its owner, or set CLEW_HOME to a folder of your own',
    data: { path, owner: stat.uid },
  });
}

function closeToOthers(path: string, isOurs: (names: readonly string[]) => boolean): void {
  if (isClosed(path)) return;
  // A folder that somebody set CLEW_HOME to by mistake may be one that others need to enter.
  if (isOurs(readdirSync(path))) chmodSync(path, onlyMine);
  if (isClosed(path)) return;
  throw new Failure('state-refused', `the state folder ${path} is open to other users`, {
    hint: `chmod 700 ${path}, or set CLEW_HOME to another folder`,
    data: { path },
  });
}

/** And open to its owner: a strange umask takes that away too. */
function isClosed(path: string): boolean {
  const { mode } = statSync(path);
  return (mode & othersMay) === 0 && (mode & onlyMine) === onlyMine;
}
