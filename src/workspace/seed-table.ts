/** Fills a table from the user's index: the paths it vouches for, and their object ids. */

import { addRow, appendRow } from '../snapshot/change-rows.ts';
import { type IndexEntry, readIndex } from '../snapshot/index-reader.ts';
import { isOwnPath, ownFolder } from '../snapshot/own-path.ts';
import { folderOf, nameOf, type RawPath } from '../snapshot/raw-path.ts';
import { type Columns, flags, type Kind, kinds, type Table } from '../snapshot/table.ts';
import { openHalves, writeTime } from '../snapshot/time-halves.ts';
import type { FolderList } from './list-folders.ts';

export type Seeding = {
  readonly index: Buffer;
  /** When the index file was written, in nanoseconds: an entry as young as that is racy. */
  readonly indexMtime: bigint;
  /** Folder of the workspace inside its repository, '' or with a slash at its end. */
  readonly prefix: string;
  /** Whether git may store other bytes for this path than those on disk; left out where it never does. */
  readonly isConverted?: ((path: string) => boolean) | undefined;
  /** Told of each folder that has all its rows, so that it can be swept already. */
  readonly list?: Pick<FolderList, 'add' | 'spoil'> | undefined;
};

export type Seeded = { readonly rows: number; readonly why?: string };

/** When it says why not, the table is spoilt: make a new one. */
export function seedTable(table: Table, seeding: Seeding): Seeded {
  const trail: Trail = { folder: -1, at: 0, end: 0, names: [], folders: [] };
  let rows = 0;
  const { index } = seeding;
  const isRacy = openRaceCheck(seeding.indexMtime);
  const halves = openBothHalves();
  const decode = (from: number, to: number) => index.toString('latin1', from, to);
  const report = readIndex(index, decode, (entry) => {
    const kind = kindOfEntry(entry);
    if (kind === kinds.none || entry.stage !== 0) return;
    const row = appendEntry(table, trail, { entry, kind, index });
    const at = row >= 0 ? row : insertEntry(table, trail, { entry, kind, seeding });
    if (at < 0) return;
    rows += 1;
    writeEntry(table, at, { entry, seeding, isRacy, halves });
  });
  if (report.kind !== 'read') return { rows: 0, why: report.why };
  leaveFolders(trail, 0, seeding.list);
  seeding.list?.add(0);
  return { rows };
}

/** Folder of the last entry, and where its path lies in the index: the next one is mostly in the same. */
type Trail = {
  folder: number;
  at: number;
  end: number;
  /** The folders down to it, by name and by number: the next one is mostly near. */
  names: readonly string[];
  folders: readonly number[];
};

type Coming = { readonly entry: Readonly<IndexEntry>; readonly kind: Kind };

/** The usual case, without making any text: the same folder as before, a name behind all others. Else -1. */
function appendEntry(
  table: Table,
  trail: Trail,
  { entry, kind, index }: Coming & { readonly index: Buffer },
): number {
  if (trail.folder < 0 || entry.pathAt < 0) return -1;
  const length = trail.end - trail.at;
  const from = entry.pathAt + length;
  if (from >= entry.pathEnd || index[from] === dot) return -1;
  // From its end: what differs between neighbours differs there.
  for (let back = 1; back <= length; back += 1) {
    if (index[from - back] !== index[trail.end - back]) return -1;
  }
  for (let at = from; at < entry.pathEnd; at += 1) if (index[at] === slash) return -1;
  const row = appendRow(table, trail.folder, { bytes: index, from, to: entry.pathEnd });
  if (row >= 0) table.columns.kind[row] = kind;
  return row;
}

const slash = 0x2f;
const dot = 0x2e;

/** -1 for what is not of this workspace, or not to be followed. */
function insertEntry(
  table: Table,
  trail: Trail,
  { entry, kind, seeding }: Coming & { readonly seeding: Seeding },
): number {
  const whole = entry.path;
  if (!whole.startsWith(seeding.prefix)) return -1;
  const path = whole.slice(seeding.prefix.length);
  if (isUnfit(path) || isOwnPath(path)) return -1;
  const folderPath = folderOf(path);
  const folder = enterFolder(table, trail, { path: folderPath, list: seeding.list });
  // There each is looked at by its name.
  trail.folder = folderPath === ownFolder ? -1 : folder;
  trail.at = entry.pathAt;
  trail.end = entry.pathAt + whole.lastIndexOf('/') + 1;
  return addRow(table, folder, nameOf(path), kind);
}

/** What an entry took the place of lies below its own folder, and is on no trail then. */
function enterFolder(table: Table, trail: Trail, { path, list }: Entering): number {
  const names = path === '' ? [] : path.split('/');
  let shared = 0;
  while (shared < names.length && names[shared] === trail.names[shared]) shared += 1;
  leaveFolders(trail, shared, list);
  const folders = trail.folders.slice(0, shared);
  let folder = folders.at(-1) ?? 0;
  for (const name of names.slice(shared)) {
    const made = table.folders;
    // First the row: with it, the columns may become others.
    const row = addRow(table, folder, name, kinds.folder);
    folder = table.columns.child[row] ?? 0;
    // It was left before: no index that is in order comes back to a folder.
    if (folder < made) list?.spoil();
    folders.push(folder);
  }
  trail.names = names;
  trail.folders = folders;
  return folder;
}

type Entering = { readonly path: RawPath; readonly list: Seeding['list'] };

/** Those below `level` have all their rows now; the deepest first. */
function leaveFolders(trail: Trail, level: number, list: Seeding['list']): void {
  if (list === undefined) return;
  for (let at = trail.folders.length - 1; at >= level; at -= 1) list.add(trail.folders[at] ?? 0);
}

function kindOfEntry(entry: Readonly<IndexEntry>): Kind {
  if (entry.mode === 0o100644) return kinds.file;
  if (entry.mode === 0o100755) return kinds.program;
  return entry.mode === 0o120000 ? kinds.link : kinds.none;
}

const unfit = /(?:^|\/)(?:\.{0,2}|\.git)(?:\/|$)/i;

/** An index is only bytes: a path that no checkout could make is not followed. */
function isUnfit(path: string): boolean {
  return unfit.test(path);
}

type Writing = {
  readonly entry: Readonly<IndexEntry>;
  readonly seeding: Seeding;
  readonly isRacy: IsRacy;
  readonly halves: Halves;
};

function writeEntry(table: Table, row: number, { entry, seeding, isRacy, halves }: Writing): void {
  const { columns } = table;
  const { mtime, ctime } = halves.of(columns);
  writeTime(mtime, row, entry.mtimeSeconds, entry.mtimeNanos);
  writeTime(ctime, row, entry.ctimeSeconds, entry.ctimeNanos);
  columns.size[row] = entry.size;
  columns.inode[row] = entry.inode;
  columns.rights[row] = 0;
  const { index, prefix } = seeding;
  copyId(columns.oid, row * 20, index, entry.oidAt);
  const isDoubtful =
    entry.doubtful ||
    isRacy(entry.mtimeSeconds, entry.mtimeNanos) ||
    seeding.isConverted?.(entry.path.slice(prefix.length)) === true;
  columns.flag[row] = isDoubtful ? flags.doubtful : flags.unproven;
}

function copyId(ids: Uint8Array, to: number, index: Buffer, from: number): void {
  for (let at = 0; at < 20; at += 1) ids[to + at] = index[from + at] ?? 0;
}

type Halves = { of(columns: Columns): { mtime: Uint32Array; ctime: Uint32Array } };

/** Made anew when the table has grown. */
function openBothHalves(): Halves {
  let last: BigInt64Array | undefined;
  let made: ReturnType<Halves['of']> = { mtime: new Uint32Array(0), ctime: new Uint32Array(0) };
  return {
    of({ mtime, ctime }) {
      if (mtime !== last) made = { mtime: openHalves(mtime), ctime: openHalves(ctime) };
      last = mtime;
      return made;
    },
  };
}

/** Not older than the index itself. */
type IsRacy = (seconds: number, nanos: number) => boolean;

function openRaceCheck(indexMtime: bigint): IsRacy {
  const limitSeconds = Number(indexMtime / 1_000_000_000n);
  const limitNanos = Number(indexMtime % 1_000_000_000n);
  return (seconds, nanos) =>
    seconds > limitSeconds || (seconds === limitSeconds && nanos >= limitNanos);
}
