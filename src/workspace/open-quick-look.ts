/** Tells of row after row whether its file is as the row has it, and makes next to nothing on the way: a sweep asks for every file. */
import { lstatSync } from 'node:fs';
import type { RawPath } from '../snapshot/raw-path.ts';
import { noteRights } from '../snapshot/rights.ts';
import { type Columns, flags } from '../snapshot/table.ts';
import { openHalves, readTimeMs } from '../snapshot/time-halves.ts';
import { kindOf } from './read-seen.ts';

export type QuickLook = {
  /** The folder that is asked for next, and its rows. */
  enter(folder: number): void;
  /** Of the folder that was entered. */
  readPath(): RawPath;
  /** The same names are in it as when they were last read: to make, remove or rename one changes its times. */
  isFolderAsKnown(): boolean;
  /** False only means that a closer look is needed. */
  isAsKnown(row: number): boolean;
};

const look = { throwIfNoEntry: false } as const;

/**
 * Times are compared as numbers, that is to a quarter of a microsecond. It is enough: a file whose row is not
 * doubtful rested for 100 ms when it was read, or was older than the index that told of it, so the change time
 * of a later write is further away.
 */
export function openQuickLook(root: string, columns: Columns): QuickLook {
  const { names, nameAt, nameLength, flag, kind, size, inode, rights } = columns;
  const { folderNameAt, folderNameLength, folderParent, folderMtime } = columns;
  const mtime = openHalves(columns.mtime);
  const ctime = openHalves(columns.ctime);
  const folderTimes = [openHalves(columns.folderMtime), openHalves(columns.folderCtime)] as const;
  const lead = Buffer.from(`${root}/`);
  let place = Buffer.alloc(1024);
  /** The place up to each length, made once. */
  let places: Buffer[] = [];
  let nameFrom = 0;
  let entered = 0;

  function makeRoom(length: number): void {
    if (length <= place.length) return;
    const larger = Buffer.alloc(length * 2);
    place.copy(larger);
    place = larger;
    places = [];
  }

  /** Writes a name behind what is there, and answers where it ends. */
  function put(from: number, at: number, length: number): number {
    makeRoom(at + length + 1);
    for (let byte = 0; byte < length; byte += 1) place[at + byte] = names[from + byte] ?? 0;
    return at + length;
  }

  /** Answers where the names in it begin. */
  function putFolder(folder: number): number {
    const parent = folderParent[folder] ?? -1;
    if (parent < 0) {
      makeRoom(lead.length);
      lead.copy(place);
      return lead.length;
    }
    const at = putFolder(parent);
    const end = put(folderNameAt[folder] ?? 0, at, folderNameLength[folder] ?? 0);
    place[end] = slash;
    return end + 1;
  }

  function placeUpTo(end: number): Buffer {
    const known = places[end];
    if (known) return known;
    const made = place.subarray(0, end);
    places[end] = made;
    return made;
  }

  function isSame(row: number): boolean {
    const stat = lstatSync(placeUpTo(put(nameAt[row] ?? 0, nameFrom, nameLength[row] ?? 0)), look);
    return (
      stat !== undefined &&
      stat.mtimeMs === readTimeMs(mtime, row) &&
      stat.ctimeMs === readTimeMs(ctime, row) &&
      stat.size >>> 0 === size[row] &&
      stat.ino >>> 0 === inode[row] &&
      stat.ino <= Number.MAX_SAFE_INTEGER &&
      kindOf(stat.mode) === kind[row] &&
      isRightsKnown(row, noteRights(stat.mode))
    );
  }

  /** An index tells of no rights: of a file that it vouches for they are learned here. */
  function isRightsKnown(row: number, found: number): boolean {
    if (rights[row] === found) return true;
    if (rights[row] !== 0) return false;
    rights[row] = found;
    columns.folderRightsStale[entered] = 1;
    return true;
  }

  function isSameFolder(): boolean {
    // Without the slash: behind a link with one, lstat sees what it leads to.
    const stat = lstatSync(placeUpTo(nameFrom - 1), look);
    const [modified, changed] = folderTimes;
    return (
      stat?.isDirectory() === true &&
      stat.mtimeMs === readTimeMs(modified, entered) &&
      stat.ctimeMs === readTimeMs(changed, entered)
    );
  }

  return {
    enter(folder) {
      entered = folder;
      nameFrom = putFolder(folder);
    },
    // Behind all names, the slash of each is the last byte.
    readPath: () => place.toString('latin1', lead.length, Math.max(lead.length, nameFrom - 1)),
    isFolderAsKnown: () => folderMtime[entered] !== 0n && dare(isSameFolder),
    isAsKnown: (row) => ((flag[row] ?? 0) & flags.doubtful) === 0 && dare(isSame, row),
  };
}

/** What cannot be looked at is looked at more closely, and there it is told why. */
function dare(see: (row: number) => boolean, row = 0): boolean {
  try {
    return see(row);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return false;
  }
}

const slash = 0x2f;
