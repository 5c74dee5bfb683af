/** Holds one folder on disk against the table and says what differs. Synchronous: async fs is 4 to 7 times slower. */
import { accessSync, constants, readdirSync } from 'node:fs';
import { isIgnored } from '../snapshot/ignore-rules.ts';
import { joinPath, type RawPath } from '../snapshot/raw-path.ts';
import { type Columns, compareName, isSame, kinds, readName } from '../snapshot/table.ts';
import type { RulesOf } from './ignore-files.ts';
import { placeOf, readStat, seenOf } from './read-seen.ts';

export type Scan = {
  readonly root: string;
  readonly columns: Columns;
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

/** `folder` is its number in the table, or -1 when the table does not know it. */
export function scanFolder(scan: Scan, path: RawPath, folder: number): void {
  const names = readNames(scan, path);
  if (names === undefined) return;
  const { columns } = scan;
  const first = folder < 0 ? 0 : (columns.folderFirst[folder] ?? 0);
  const rows: Span = {
    row: first,
    end: first + (folder < 0 ? 0 : (columns.folderCount[folder] ?? 0)),
  };
  for (const name of names) {
    if (isPassedOver(name)) continue;
    if (reach(scan, path, rows, name)) {
      lookAgain(scan, path, name, rows.row);
      rows.row += 1;
    } else lookFirst(scan, path, name);
  }
  reach(scan, path, rows, undefined);
}

type Span = { row: number; readonly end: number };

/** Goes on to the row of this name (or the end); rows passed on the way are of names that are gone. */
function reach(scan: Scan, path: RawPath, rows: Span, name: string | undefined): boolean {
  for (; rows.row < rows.end; rows.row += 1) {
    const order = name === undefined ? -1 : compareName(scan.columns, rows.row, name);
    if (order >= 0) return order === 0;
    scan.changed.push(joinPath(path, readName(scan.columns, rows.row)));
  }
  return false;
}

const isNoFolder = new Set(['ENOENT', 'ENOTDIR', 'ELOOP']);

function readNames(scan: Scan, path: RawPath): string[] | undefined {
  try {
    return readdirSync(placeOf(scan.root, path), 'latin1').sort();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Gone, or no folder any more (a link to itself, even): the folder above reports that.
    if (code !== undefined && isNoFolder.has(code)) return undefined;
    if (code === undefined) throw error;
    scan.unreadable.push({ path, why: code });
    return undefined;
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

function lookAgain(scan: Scan, folder: RawPath, name: string, row: number): void {
  const path = joinPath(folder, name);
  const stat = readStat(placeOf(scan.root, path));
  if (stat === undefined) {
    if (!isHidden(scan, folder)) scan.changed.push(path);
    return;
  }
  const seen = seenOf(stat);
  if (seen.kind === kinds.folder && scan.columns.kind[row] === kinds.folder) return;
  if (isSame(scan.columns, row, seen)) return;
  scan.changed.push(path);
  // It was something else: nothing in it has a row yet.
  if (seen.kind === kinds.folder) scan.found.push(path);
}

function lookFirst(scan: Scan, folder: RawPath, name: string): void {
  const path = joinPath(folder, name);
  const stat = readStat(placeOf(scan.root, path));
  if (stat === undefined) {
    isHidden(scan, folder);
    return;
  }
  const isFolder = stat.isDirectory();
  if (isIgnored(scan.rulesOf(folder), path, isFolder)) return;
  scan.changed.push(path);
  if (isFolder) scan.found.push(path);
}
