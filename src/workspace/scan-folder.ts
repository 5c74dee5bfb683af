/** Holds one folder on disk against the table and says what differs. Synchronous: async fs is 4 to 7 times slower. */
import { accessSync, type BigIntStats, constants, readdirSync } from 'node:fs';
import { compareName } from '../snapshot/find-rows.ts';
import { isIgnored } from '../snapshot/ignore-rules.ts';
import { folderOf, joinPath, type RawPath } from '../snapshot/raw-path.ts';
import { noteRights } from '../snapshot/rights.ts';
import { type Columns, flags, kinds } from '../snapshot/table.ts';
import type { RulesOf } from './ignore-files.ts';
import type { QuickLook } from './open-quick-look.ts';
import { isYoung } from './read-file.ts';
import { kindOf, placeOf, readStat } from './read-seen.ts';

export type Scan = {
  readonly root: string;
  readonly columns: Columns;
  /** The names of the columns once more, as bytes that can be made text of at once. */
  readonly names: Buffer;
  readonly quick: QuickLook;
  /** Where a folder's times tell whether a name in it came or went; nothing where that is not sure. */
  readonly device: bigint | undefined;
  readonly rulesOf: RulesOf;
  /** Paths whose row is not what is on disk, or that have none, or that are gone. */
  readonly changed: RawPath[];
  /** Folders without a row, still to be walked. */
  readonly found: RawPath[];
  /** Folders that could not be read, with why. */
  readonly unreadable: { path: RawPath; why: string }[];
};

/** Names that are never part of a snapshot. */
export function isPassedOver(name: string): boolean {
  return name === '.git' || name.startsWith('.clew-restore-');
}

/** A folder that has a number; what it is by now is looked at here, and not from the folder above. */
export function scanKnown(scan: Scan, folder: number): void {
  const { columns, quick } = scan;
  quick.enter(folder);
  if (quick.isFolderAsKnown()) {
    scanRows(scan, folder);
    return;
  }
  const path = quick.readPath();
  const lookedMs = Date.now();
  const stat = tryStat(scan, path);
  // Gone: the folder above reports that.
  if (stat === undefined || stat === 'hidden') return;
  if (folder !== 0 && !stat.isDirectory()) scan.changed.push(path);
  else {
    const isWhole = scanNames(scan, path, folder);
    learnRights(columns, folder, noteRights(Number(stat.mode)));
    const isSure = isWhole && stat.dev === scan.device;
    columns.folderMtime[folder] =
      isSure && !isYoung({ mtime: stat.mtimeNs, ctime: stat.ctimeNs }, lookedMs)
        ? stat.mtimeNs
        : 0n;
    columns.folderCtime[folder] = stat.ctimeNs;
  }
}

/** To change a folder's rights is to change its times: they are looked at whenever its names are. */
function learnRights(columns: Columns, folder: number, found: number): void {
  if (columns.folderRights[folder] === found) return;
  columns.folderRights[folder] = found;
  columns.folderRightsStale[folder] = 1;
}

/** A folder that the table does not know. */
export function scanUnknown(scan: Scan, path: RawPath): void {
  for (const name of readNames(scan, path)?.sort() ?? []) {
    if (!isPassedOver(name)) lookFirst(scan, path, name);
  }
}

function scanRows(scan: Scan, folder: number): void {
  const { columns, quick } = scan;
  const first = columns.folderFirst[folder] ?? 0;
  const end = first + (columns.folderCount[folder] ?? 0);
  for (let row = first; row < end; row += 1) {
    if (columns.kind[row] === kinds.folder || quick.isAsKnown(row)) continue;
    lookClosely(scan, joinPath(scan.quick.readPath(), nameAt(scan, row)), row);
  }
}

function nameAt({ columns, names }: Scan, row: number): string {
  const at = columns.nameAt[row] ?? 0;
  return names.toString('latin1', at, at + (columns.nameLength[row] ?? 0));
}

/** Answers whether names and rows are the same, one for one. */
function scanNames(scan: Scan, path: RawPath, folder: number): boolean {
  const names = readNames(scan, path);
  if (names === undefined) return false;
  const { columns } = scan;
  const first = columns.folderFirst[folder] ?? 0;
  const rows: Span = { row: first, end: first + (columns.folderCount[folder] ?? 0), gone: 0 };
  if (areNamesOf(scan, rows, names)) {
    scanRows(scan, folder);
    return true;
  }
  let isWhole = true;
  for (const name of names.sort()) {
    if (isPassedOver(name)) continue;
    if (reach(scan, path, rows, name)) {
      lookAgain(scan, path, rows.row);
      rows.row += 1;
    } else {
      lookFirst(scan, path, name);
      isWhole = false;
    }
  }
  reach(scan, path, rows, undefined);
  return isWhole && rows.gone === 0;
}

/** The usual case, told without looking at each letter: these very names, and next to each other in the table. */
function areNamesOf(scan: Scan, { row: first, end }: Span, names: readonly string[]): boolean {
  const { nameAt, nameLength } = scan.columns;
  if (names.length !== end - first) return false;
  const from = nameAt[first] ?? 0;
  let at = from;
  for (let place = 0; place < names.length; place += 1) {
    const name = names[place] ?? '';
    const isHere = nameAt[first + place] === at && nameLength[first + place] === name.length;
    if (!isHere || isPassedOver(name)) return false;
    at += name.length;
  }
  return scan.names.toString('latin1', from, at) === names.join('');
}

type Span = { row: number; readonly end: number; gone: number };

/** Goes on to the row of this name (or the end); rows passed on the way are of names that are gone. */
function reach(scan: Scan, path: RawPath, rows: Span, name: string | undefined): boolean {
  for (; rows.row < rows.end; rows.row += 1) {
    const order = name === undefined ? -1 : compareName(scan.columns, rows.row, name);
    if (order >= 0) return order === 0;
    scan.changed.push(joinPath(path, nameAt(scan, rows.row)));
    rows.gone += 1;
  }
  return false;
}

const isNoFolder = new Set(['ENOENT', 'ENOTDIR', 'ELOOP']);

function readNames(scan: Scan, path: RawPath): string[] | undefined {
  try {
    return readdirSync(placeOf(scan.root, path), 'latin1');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Gone, or no folder any more (a link to itself, even): the folder above reports that.
    if (code !== undefined && isNoFolder.has(code)) return undefined;
    if (code === undefined) throw error;
    scan.unreadable.push({ path, why: code });
    return undefined;
  }
}

function lookAgain(scan: Scan, folder: RawPath, row: number): void {
  // A folder with a number has its own turn.
  if (scan.columns.kind[row] === kinds.folder || scan.quick.isAsKnown(row)) return;
  lookClosely(scan, joinPath(folder, nameAt(scan, row)), row);
}

function lookClosely(scan: Scan, path: RawPath, row: number): void {
  const stat = tryStat(scan, path);
  if (stat === 'hidden') return;
  if (stat === undefined || !isAsKnown(scan.columns, row, stat)) noteChange(scan, path, stat);
}

/** A name that is too long with all above it, a bad sector, a mount whose other end is gone: one path, and not the end of the sweep. */
function tryStat(scan: Scan, path: RawPath): BigIntStats | 'hidden' | undefined {
  try {
    return readStat(placeOf(scan.root, path));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    scan.unreadable.push({ path, why: code });
    return 'hidden';
  }
}

/** A folder may be listed and still not be entered: then nothing in it can be seen, and nothing is known to be gone. */
function isHidden(scan: Scan, folder: RawPath): boolean {
  try {
    accessSync(placeOf(scan.root, folder), constants.X_OK);
    return false;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    if (isNoFolder.has(code)) return false;
    if (scan.unreadable.at(-1)?.path !== folder) scan.unreadable.push({ path: folder, why: code });
    return true;
  }
}

function noteChange(scan: Scan, path: RawPath, stat: BigIntStats | undefined): void {
  if (stat === undefined && isHidden(scan, folderOf(path))) return;
  scan.changed.push(path);
  // It was something else: nothing in it has a row yet.
  if (stat?.isDirectory()) scan.found.push(path);
}

/** Nobody can have written since, as far as a stat can tell. */
function isAsKnown(columns: Columns, row: number, stat: BigIntStats): boolean {
  return (
    columns.mtime[row] === stat.mtimeNs &&
    columns.ctime[row] === stat.ctimeNs &&
    columns.size[row] === Number(BigInt.asUintN(32, stat.size)) &&
    columns.inode[row] === Number(BigInt.asUintN(32, stat.ino)) &&
    columns.kind[row] === kindOf(Number(stat.mode)) &&
    columns.rights[row] === noteRights(Number(stat.mode)) &&
    ((columns.flag[row] ?? 0) & flags.doubtful) === 0
  );
}

function lookFirst(scan: Scan, folder: RawPath, name: string): void {
  const path = joinPath(folder, name);
  const stat = tryStat(scan, path);
  if (stat === 'hidden') return;
  if (stat === undefined) {
    isHidden(scan, folder);
    return;
  }
  const isFolder = stat.isDirectory();
  if (isIgnored(scan.rulesOf(folder), path, isFolder)) return;
  scan.changed.push(path);
  if (isFolder) scan.found.push(path);
}
