/** Rights as a restore gives them: those of the version that comes back, and at no moment wider ones. */
import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
} from 'node:fs';
import type { Version } from '../snapshot/restore-step.ts';
import { readStat } from './read-seen.ts';

/** Never brought back: to run as somebody else is not for a restore to give. */
const special = 0o7000;
/** On a folder it only takes rights away. */
const sticky = 0o1000;
const inherited = 0o2000;
const owner = 0o700;

/** What there is to be once a version is restored; undefined where it does not say. */
export function wantedRights({ mode, rights }: Version): number | undefined {
  if (typeof rights !== 'number') return undefined;
  return mode === '040000' ? rights & ~(special - sticky) : rights & ~special;
}

/** For a file that is written: `place` is where another one may be now. */
export function rightsFor(place: string | Buffer, want: Version): number {
  const wanted = wantedRights(want);
  if (wanted !== undefined) return wanted;
  const stat = readStat(place);
  const now = stat?.isFile() ? Number(stat.mode) & 0o777 : 0o666 & ~process.umask();
  // Permissions that are there stay as they are, but for the right to run.
  const all = want.mode === '100755' ? now | ((now & 0o444) >> 2) : now & ~0o111;
  return want.rights === 'unseen' ? all & owner : all;
}

/** Its owner has all rights until everything is in it; false when somebody else made it meanwhile. */
export function makeFolder(place: string | Buffer, rights: Version['rights']): boolean {
  const first = typeof rights === 'number' ? (rights & 0o777) | owner : owner;
  try {
    mkdirSync(place, rights === undefined ? {} : { mode: first });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  }
}

const opening = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** Of what is there already, its bytes and its times of writing left alone; false where that is refused. */
export function setRights(place: string | Buffer, want: Version): boolean {
  const wanted = wantedRights(want);
  if (wanted === undefined) return false;
  try {
    const fd = openSync(place, want.mode === '040000' ? opening | constants.O_DIRECTORY : opening);
    try {
      const { mode } = fstatSync(fd);
      const kept = want.mode === '040000' ? mode & inherited : 0;
      if ((mode & 0o7777) === (wanted | kept)) return true;
      fchmodSync(fd, wanted | kept);
      fsyncSync(fd);
      return true;
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Another's file, or something else by now.
    if (code === undefined || !refusals.has(code)) throw error;
    return false;
  }
}

const refusals = new Set(['EPERM', 'ENOENT', 'ENOTDIR', 'ELOOP', 'ENXIO']);
