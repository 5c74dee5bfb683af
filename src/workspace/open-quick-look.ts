/** Tells of row after row whether its file is as the row has it, and makes next to nothing on the way: a sweep asks for every file. */
import { lstatSync } from 'node:fs';
import type { RawPath } from '../snapshot/raw-path.ts';
import { type Columns, flags } from '../snapshot/table.ts';
import { openHalves, readTimeMs } from '../snapshot/time-halves.ts';
import { kindOf } from './read-seen.ts';

export type QuickLook = {
  /** The folder whose rows are asked for next. */
  enter(folder: RawPath): void;
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
  const { names, nameAt, nameLength, flag, kind, size, inode } = columns;
  const mtime = openHalves(columns.mtime);
  const ctime = openHalves(columns.ctime);
  const lead = Buffer.from(`${root}/`);
  let place = Buffer.alloc(1024);
  /** The place up to each length, made once. */
  let places: Buffer[] = [];
  let nameFrom = 0;

  function makeRoom(length: number): void {
    if (length <= place.length) return;
    const larger = Buffer.alloc(length * 2);
    place.copy(larger);
    place = larger;
    places = [];
  }

  function placeOf(row: number): Buffer {
    const from = nameAt[row] ?? 0;
    const length = nameLength[row] ?? 0;
    const end = nameFrom + length;
    makeRoom(end);
    for (let at = 0; at < length; at += 1) place[nameFrom + at] = names[from + at] ?? 0;
    const known = places[end];
    if (known) return known;
    const made = place.subarray(0, end);
    places[end] = made;
    return made;
  }

  function isSame(row: number): boolean {
    const stat = lstatSync(placeOf(row), look);
    return (
      stat !== undefined &&
      stat.mtimeMs === readTimeMs(mtime, row) &&
      stat.ctimeMs === readTimeMs(ctime, row) &&
      stat.size >>> 0 === size[row] &&
      stat.ino >>> 0 === inode[row] &&
      stat.ino <= Number.MAX_SAFE_INTEGER &&
      kindOf(stat.mode) === kind[row]
    );
  }

  return {
    enter(folder) {
      makeRoom(lead.length + folder.length + 1);
      lead.copy(place);
      nameFrom = lead.length;
      if (folder === '') return;
      nameFrom += place.write(`${folder}/`, nameFrom, 'latin1');
    },
    isAsKnown(row) {
      if (((flag[row] ?? 0) & flags.doubtful) !== 0) return false;
      try {
        return isSame(row);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === undefined) throw error;
        return false;
      }
    },
  };
}
