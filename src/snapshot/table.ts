/** Every path of a workspace in typed arrays: what was last known of it, shared between threads, no string per path. */
import type { RawPath } from './raw-path.ts';

/** What a row is. Folders are rows of the folder above them too. */
export const kinds = { none: 0, file: 1, program: 2, link: 3, folder: 4, special: 5 } as const;
export type Kind = (typeof kinds)[keyof typeof kinds];

export const flags = {
  /** The stat is not to be believed: look at the bytes. */
  doubtful: 1,
  /** No object id yet: the bytes are not in the store. */
  uncaptured: 2,
  /** The object id is the index's word, and the base is not yet asked whether it has it. */
  unproven: 4,
} as const;

/** Stat of a path as the table keeps it: enough to tell whether somebody wrote. */
export type Seen = {
  readonly kind: Kind;
  readonly mtime: bigint;
  readonly ctime: bigint;
  readonly size: number;
  readonly inode: number;
  /** As `noteRights` has them. */
  readonly rights: number;
};

export type Columns = {
  names: Uint8Array;
  nameAt: Uint32Array;
  nameLength: Uint16Array;
  kind: Uint8Array;
  flag: Uint8Array;
  mtime: BigInt64Array;
  ctime: BigInt64Array;
  size: Uint32Array;
  inode: Uint32Array;
  oid: Uint8Array;
  /** As `noteRights` has them; 0 while nobody looked. */
  rights: Uint16Array;
  /** Folder number of a row that is a folder. */
  child: Int32Array;
  folderNameAt: Uint32Array;
  folderNameLength: Uint16Array;
  folderFirst: Uint32Array;
  folderCount: Uint32Array;
  folderRoom: Uint32Array;
  /** -1 at the root, -2 for a folder that is gone. */
  folderParent: Int32Array;
  /** Tree object of the folder; valid while `folderStale` is 0. */
  folderTree: Uint8Array;
  folderStale: Uint8Array;
  /** The folder's own times when its names were last read and all had rows; 0 when they are to be read. */
  folderMtime: BigInt64Array;
  folderCtime: BigInt64Array;
  folderRights: Uint16Array;
  /** Not 0 when its rights, or those of a file in it, are others than when they were last noted. */
  folderRightsStale: Uint8Array;
};

export type Table = {
  columns: Columns;
  rows: number;
  folders: number;
  nameBytes: number;
  /** Rows that were given up when their folder moved. */
  wasted: number;
  /** By folder: what git's trees cannot say of it, as it was when its tree was last made. */
  readonly asides: Map<number, readonly Aside[]>;
  /** By folder: whose rights in it are not the usual ones, as they were last noted. */
  readonly rightsNotes: Map<number, string>;
  rightsUsual: UsualRights | undefined;
};

/** What most files, programs and folders have. */
export type UsualRights = {
  readonly file: number;
  readonly program: number;
  readonly folder: number;
};

export type Aside = {
  readonly list: 'folders' | 'special' | 'uncaptured';
  readonly path: RawPath;
};

const rowBytes = {
  nameAt: 4,
  nameLength: 2,
  kind: 1,
  flag: 1,
  mtime: 8,
  ctime: 8,
  size: 4,
  inode: 4,
  oid: 20,
  rights: 2,
  child: 4,
} as const;
const folderBytes = {
  folderNameAt: 4,
  folderNameLength: 2,
  folderFirst: 4,
  folderCount: 4,
  folderRoom: 4,
  folderParent: 4,
  folderTree: 20,
  folderStale: 1,
  folderMtime: 8,
  folderCtime: 8,
  folderRights: 2,
  folderRightsStale: 1,
} as const;

export function makeTable(rows = 1024, folders = 128, nameBytes = 16_384): Table {
  const columns = {
    ...makeColumns(rowBytes, rows),
    ...makeColumns(folderBytes, folders),
    names: new Uint8Array(new SharedArrayBuffer(nameBytes)),
  } as unknown as Columns;
  const table: Table = {
    columns,
    rows: 0,
    folders: 0,
    nameBytes: 0,
    wasted: 0,
    asides: new Map(),
    rightsNotes: new Map(),
    rightsUsual: undefined,
  };
  addFolder(table, -1, '');
  return table;
}

function makeColumns(widths: Readonly<Record<string, number>>, count: number) {
  const made: Record<string, unknown> = {};
  for (const [name, width] of Object.entries(widths)) {
    const buffer = new SharedArrayBuffer(width * count);
    made[name] = viewOf(name, buffer);
  }
  return made;
}

function viewOf(name: string, buffer: SharedArrayBuffer) {
  if (/[mc]time$/i.test(name)) return new BigInt64Array(buffer);
  if (name === 'child' || name === 'folderParent') return new Int32Array(buffer);
  if (/length$|rights$/i.test(name)) return new Uint16Array(buffer);
  if (['kind', 'flag', 'oid', 'folderTree', 'folderStale', 'folderRightsStale'].includes(name))
    return new Uint8Array(buffer);
  return new Uint32Array(buffer);
}

function grow(table: Table, widths: Readonly<Record<string, number>>, count: number): void {
  const columns = table.columns as unknown as Record<string, Uint8Array>;
  for (const [name, width] of Object.entries(widths)) {
    const old = columns[name];
    const view = viewOf(name, new SharedArrayBuffer(width * count)) as Uint8Array;
    if (old) view.set(old);
    columns[name] = view;
  }
}

export function reserveRows(table: Table, count: number): number {
  const at = table.rows;
  const held = table.columns.kind.length;
  if (at + count > held) grow(table, rowBytes, Math.ceil((at + count) * 1.5));
  table.rows += count;
  return at;
}

export function addName(table: Table, name: string): number {
  const at = reserveName(table, name.length);
  const { names } = table.columns;
  for (let index = 0; index < name.length; index += 1) names[at + index] = name.charCodeAt(index);
  return at;
}

export function reserveName(table: Table, length: number): number {
  const at = table.nameBytes;
  if (at + length > table.columns.names.length) {
    const more = new Uint8Array(new SharedArrayBuffer(Math.ceil((at + length) * 1.5)));
    more.set(table.columns.names);
    table.columns.names = more;
  }
  table.nameBytes += length;
  return at;
}

export function addFolder(table: Table, parent: number, name: string): number {
  const folder = table.folders;
  if (folder >= table.columns.folderParent.length) {
    grow(table, folderBytes, Math.ceil((folder + 1) * 1.5));
  }
  table.folders += 1;
  const { columns } = table;
  columns.folderNameAt[folder] = addName(table, name);
  columns.folderNameLength[folder] = name.length;
  columns.folderParent[folder] = parent;
  columns.folderStale[folder] = 1;
  columns.folderRightsStale[folder] = 1;
  return folder;
}
