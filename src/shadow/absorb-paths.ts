/** Brings the table up to date with the disk, path by path; what it reads goes into the pack. */

import { addRow, dropRow, isAsSeen, markStale, writeSeen } from '../snapshot/change-rows.ts';
import { findFolder, findRow } from '../snapshot/find-rows.ts';
import { isOwnPath } from '../snapshot/own-path.ts';
import { folderOf, nameOf, type RawPath } from '../snapshot/raw-path.ts';
import { flags, kinds, type Seen, type Table } from '../snapshot/table.ts';
import { hexOf } from '../snapshot/tree-object.ts';
import type { Reading, WorkspacePort } from '../snapshot/workspace-port.ts';
import { idOf } from './object-id.ts';
import type { EarlyNotes } from './open-early.ts';
import type { Store } from './open-store.ts';
import type { PackWriter } from './pack-writer.ts';

export type Absorbing = {
  readonly table: Table;
  readonly workspace: WorkspacePort;
  readonly store: Store;
  readonly pack: PackWriter;
  /** Larger files are left to the background. */
  readonly limitBytes: number;
  /** After that, paths are noted but not read. */
  readonly untilMs: number;
  /** Given when a checkpoint is amended: only what was surely so at its own look; the rest is for the next one. */
  readonly amends?: Amends;
  readonly early?: EarlyNotes | undefined;
};

export type Amends = {
  /** What that look saw for itself: where it is another now, it became so later, perhaps half written. */
  readonly seen: ReadonlySet<RawPath>;
  readonly notAfterNs: bigint;
};

/** `hinted` paths come from outside: the folders above them are looked at too, and folders walked. */
export function absorbPaths(work: Absorbing, paths: readonly RawPath[], hinted: boolean): number {
  const queue = hinted ? [...new Set(paths)] : paths;
  let count = 0;
  for (const path of queue) {
    const target = hinted ? reachable(work, path) : path;
    if (target === undefined) continue;
    count += 1;
    const isNewFolder = absorbPath(work, target);
    if (hinted && isNewFolder) count += absorbPaths(work, work.workspace.walk(target), false);
  }
  return count;
}

/** A folder that was there before may have been taken away and made anew: what is in it now only a whole look tells. */
export function namesKnownFolder(
  { table, workspace }: Absorbing,
  paths: readonly RawPath[],
): boolean {
  return paths.some(
    (path) => findFolder(table.columns, path) >= 0 && workspace.read(path, -1).kind === 'folder',
  );
}

/** The path itself, or the first thing above it that is no folder (any more); nothing when out of bounds. */
function reachable(work: Absorbing, path: RawPath): RawPath | undefined {
  const names = path.split('/');
  if (names.some((name) => name === '' || name === '.' || name === '..' || name === '.git'))
    return undefined;
  let above = '';
  for (const name of names.slice(0, -1)) {
    above = above === '' ? name : `${above}/${name}`;
    const reading = work.workspace.read(above, -1);
    if (reading.kind !== 'folder') return above;
    if (findFolder(work.table.columns, above) < 0) absorbPath(work, above);
  }
  return path;
}

/** Answers whether the path is a folder that the table did not know. */
function absorbPath(work: Absorbing, path: RawPath): boolean {
  if (isOwnPath(path)) return false;
  const { table, workspace } = work;
  const folder = findFolder(table.columns, folderOf(path));
  if (folder < 0) return false;
  const name = nameOf(path);
  const row = findRow(table.columns, folder, name);
  const late = work.untilMs !== Number.POSITIVE_INFINITY && Date.now() >= work.untilMs;
  const reading = workspace.read(path, late ? -1 : work.limitBytes);
  // What cannot be seen is left as it was known; the sweep says which folder is in the way.
  if (reading.kind === 'hidden' || isTooLate(work, { path, row, reading })) return false;
  if (reading.kind === 'large' && isCaptured(table, row, reading.seen)) return false;
  if (row >= 0) keepBefore(work, row);
  if (reading.kind === 'gone') {
    if (row >= 0) dropRow(table, folder, row);
    if (row >= 0) markStale(table.columns, folder);
    if (row >= 0) work.early?.note(path, reading, false);
    return false;
  }
  const isKnownFolder = row >= 0 && table.columns.kind[row] === kinds.folder;
  record(work, { path, folder, name, reading });
  return reading.kind === 'folder' && !isKnownFolder;
}

/** Too large to be read again, and there is no need: it is as it was when it was read. */
function isCaptured({ columns }: Table, row: number, seen: Seen): boolean {
  if (row < 0 || !isAsSeen(columns, row, seen)) return false;
  return ((columns.flag[row] ?? 0) & (flags.uncaptured | flags.doubtful)) === 0;
}

/** When something went, the folder that it was in tells: the nearest that is still there. */
function isTooLate(
  { amends, table, workspace }: Absorbing,
  { path, row, reading }: { path: RawPath; row: number; reading: Reading },
): boolean {
  if (amends === undefined) return false;
  if ('seen' in reading && row >= 0 && isAsSeen(table.columns, row, reading.seen)) return false;
  if (amends.seen.has(path)) return true;
  let found = reading;
  for (let at = path; found.kind === 'gone' && at !== ''; ) {
    at = folderOf(at);
    found = workspace.read(at, -1);
  }
  return 'seen' in found && found.seen.ctime > amends.notAfterNs;
}

/** Bytes that are about to have no other copy: the disk had them, and a pack that is only borrowed. */
function keepBefore({ table, store, pack }: Absorbing, row: number): void {
  const { columns } = table;
  const kind = columns.kind[row];
  if (kind === kinds.folder || kind === kinds.special) return;
  if (((columns.flag[row] ?? 0) & (flags.uncaptured | flags.doubtful)) !== 0) return;
  const oid = columns.oid.subarray(row * 20, row * 20 + 20);
  if (store.isOwned(oid) || pack.has(oid)) return;
  const before = store.read(hexOf(oid, 0));
  if (before) pack.add(before.type, oid, before.bytes);
}

type Finding = {
  readonly path: RawPath;
  readonly folder: number;
  readonly name: string;
  readonly reading: Exclude<Reading, { kind: 'gone' | 'hidden' }>;
};

/** Only a row that is another now makes the trees above it anew: a young file looked at again mostly is not. */
function record(work: Absorbing, { path, folder, name, reading }: Finding): void {
  const { table, store, pack } = work;
  const was = print(table, folder, name);
  const old = findRow(table.columns, folder, name);
  const isSameFile = old >= 0 && table.columns.inode[old] === reading.seen.inode;
  const row = addRow(table, folder, name, reading.seen.kind);
  const { columns } = table;
  writeSeen(columns, row, reading.seen);
  columns.flag[row] = 0;
  columns.folderRightsStale[folder] = 1;
  if (reading.kind === 'folder') {
    const child = columns.child[row] ?? 0;
    columns.folderRights[child] = reading.seen.rights;
    columns.folderRightsStale[child] = 1;
  } else if (reading.kind === 'read') {
    const oid = idOf('blob', reading.bytes);
    columns.oid.set(oid, row * 20);
    columns.flag[row] = reading.young ? flags.doubtful : 0;
    if (!store.isOwned(oid)) pack.add('blob', oid, reading.bytes);
  } else if (reading.kind === 'large' || reading.kind === 'unreadable') {
    columns.flag[row] = flags.uncaptured;
  }
  if (print(table, folder, name) === was) return;
  markStale(columns, folder);
  if (reading.kind !== 'folder') work.early?.note(path, reading, isSameFile);
}

/** What a checkpoint would say of the row. */
function print({ columns }: Table, folder: number, name: string): string {
  const row = findRow(columns, folder, name);
  if (row < 0) return '';
  const isCaptured = ((columns.flag[row] ?? 0) & flags.uncaptured) === 0;
  return `${columns.kind[row]} ${columns.rights[row]} ${isCaptured} ${hexOf(columns.oid, row * 20)}`;
}
