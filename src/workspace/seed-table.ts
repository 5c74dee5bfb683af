/** Fills a table from the user's index: the paths it vouches for, and their object ids. */

import { addRow, appendRow, type NameBytes } from '../snapshot/change-rows.ts';
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
  const work = openWork(table, seeding);
  let rows = 0;
  const { index, list } = seeding;
  const decode = (from: number, to: number) => index.toString('latin1', from, to);
  const report = readIndex(index, decode, (entry) => {
    const kind = kindOfEntry(entry);
    if (kind === kinds.none || entry.stage !== 0) return;
    const row = appendEntry(work, entry, kind);
    const at = row >= 0 ? row : insertEntry(work, entry, kind);
    if (at < 0) return;
    rows += 1;
    writeEntry(work, at, entry);
  });
  if (report.kind !== 'read') return { rows: 0, why: report.why };
  leaveFolders(work.trail, 0, list);
  list?.add(0);
  return { rows };
}

/** All that goes from entry to entry, in one object: to make one for each takes longer than what is done with it. */
type Work = {
  readonly table: Table;
  readonly seeding: Seeding;
  readonly view: DataView;
  readonly trail: Trail;
  readonly name: NameBytes;
  readonly isRacy: IsRacy;
  readonly fields: Fields;
};

function openWork(table: Table, seeding: Seeding): Work {
  const { index } = seeding;
  return {
    table,
    seeding,
    view: new DataView(index.buffer, index.byteOffset, index.byteLength),
    trail: { folder: -1, at: 0, end: 0, names: [], folders: [] },
    name: { bytes: index, from: 0, to: 0 },
    isRacy: openRaceCheck(seeding.indexMtime),
    fields: openFields(),
  };
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

type Entry = Readonly<IndexEntry>;

/** The usual case, without making any text: the same folder as before, a name behind all others. Else -1. */
function appendEntry(
  { table, seeding, view, trail, name }: Work,
  entry: Entry,
  kind: Kind,
): number {
  if (trail.folder < 0 || entry.pathAt < 0) return -1;
  const length = trail.end - trail.at;
  name.from = entry.pathAt + length;
  name.to = entry.pathEnd;
  if (name.from >= name.to || seeding.index[name.from] === dot) return -1;
  if (!endAlike(view, name.from, trail.end, length)) return -1;
  const row = appendRow(table, trail.folder, name);
  if (row >= 0) table.columns.kind[row] = kind;
  return row;
}

/** From their ends, four bytes at a time: what differs between neighbours differs there. */
function endAlike(view: DataView, one: number, other: number, length: number): boolean {
  let back = 4;
  for (; back <= length; back += 4)
    if (view.getUint32(one - back) !== view.getUint32(other - back)) return false;
  for (back -= 3; back <= length; back += 1)
    if (view.getUint8(one - back) !== view.getUint8(other - back)) return false;
  return true;
}

const dot = 0x2e;

/** -1 for what is not of this workspace, or not to be followed. */
function insertEntry({ table, seeding, trail }: Work, entry: Entry, kind: Kind): number {
  const { prefix, list } = seeding;
  const whole = entry.path;
  if (!whole.startsWith(prefix)) return -1;
  const path = whole.slice(prefix.length);
  if (isUnfit(path) || isOwnPath(path)) return -1;
  const folderPath = folderOf(path);
  const folder = enterFolder(table, trail, { path: folderPath, list });
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

function kindOfEntry(entry: Entry): Kind {
  if (entry.mode === 0o100644) return kinds.file;
  if (entry.mode === 0o100755) return kinds.program;
  return entry.mode === 0o120000 ? kinds.link : kinds.none;
}

const unfit = /(?:^|\/)(?:\.{0,2}|\.git)(?:\/|$)/i;

/** An index is only bytes: a path that no checkout could make is not followed. */
function isUnfit(path: string): boolean {
  return unfit.test(path);
}

function writeEntry(
  { table, seeding, view, isRacy, fields }: Work,
  row: number,
  entry: Entry,
): void {
  const { columns } = table;
  const { mtime, ctime, oid } = fields.of(columns);
  writeTime(mtime, row, entry.mtimeSeconds, entry.mtimeNanos);
  writeTime(ctime, row, entry.ctimeSeconds, entry.ctimeNanos);
  columns.size[row] = entry.size;
  columns.inode[row] = entry.inode;
  columns.rights[row] = 0;
  for (let at = 0; at < 20; at += 4) oid.setUint32(row * 20 + at, view.getUint32(entry.oidAt + at));
  const isDoubtful =
    entry.doubtful ||
    isRacy(entry.mtimeSeconds, entry.mtimeNanos) ||
    seeding.isConverted?.(entry.path.slice(seeding.prefix.length)) === true;
  columns.flag[row] = isDoubtful ? flags.doubtful : flags.unproven;
}

/** Columns as they are quickest to write to. */
type Field = { readonly mtime: Uint32Array; readonly ctime: Uint32Array; readonly oid: DataView };
type Fields = { of(columns: Columns): Field };

/** Made anew when the table has grown. */
function openFields(): Fields {
  let last: BigInt64Array | undefined;
  const none = new Uint32Array(0);
  let made: Field = { mtime: none, ctime: none, oid: new DataView(none.buffer) };
  return {
    of({ mtime, ctime, oid }) {
      if (mtime !== last)
        made = {
          mtime: openHalves(mtime),
          ctime: openHalves(ctime),
          oid: new DataView(oid.buffer, oid.byteOffset, oid.byteLength),
        };
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
