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

const idBytes = 20;

export function makeTable(rows = 1024, folders = 128, nameBytes = 16_384): Table {
  // In one piece: put together name by name, now this shape and now that comes of it, and for each new one all
  // machine code that goes over rows is made anew.
  const columns: Columns = {
    names: share(Uint8Array, nameBytes),
    nameAt: share(Uint32Array, rows),
    nameLength: share(Uint16Array, rows),
    kind: share(Uint8Array, rows),
    flag: share(Uint8Array, rows),
    mtime: share(BigInt64Array, rows),
    ctime: share(BigInt64Array, rows),
    size: share(Uint32Array, rows),
    inode: share(Uint32Array, rows),
    oid: share(Uint8Array, rows * idBytes),
    rights: share(Uint16Array, rows),
    child: share(Int32Array, rows),
    folderNameAt: share(Uint32Array, folders),
    folderNameLength: share(Uint16Array, folders),
    folderFirst: share(Uint32Array, folders),
    folderCount: share(Uint32Array, folders),
    folderRoom: share(Uint32Array, folders),
    folderParent: share(Int32Array, folders),
    folderTree: share(Uint8Array, folders * idBytes),
    folderStale: share(Uint8Array, folders),
    folderMtime: share(BigInt64Array, folders),
    folderCtime: share(BigInt64Array, folders),
    folderRights: share(Uint16Array, folders),
    folderRightsStale: share(Uint8Array, folders),
  };
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

type View<Made> = {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: SharedArrayBuffer): Made;
};

function share<Made>(kind: View<Made>, length: number): Made {
  return new kind(new SharedArrayBuffer(kind.BYTES_PER_ELEMENT * length));
}

/** To a table that has room for `room` rows (or folders) of the `held` that it has now. */
function grow(columns: Columns, of: 'rows' | 'folders', { held, room }: Growth): void {
  for (const name of Object.keys(columns) as (keyof Columns)[]) {
    if (name === 'names' || name.startsWith('folder') !== (of === 'folders')) continue;
    const old = columns[name];
    const larger = share(old.constructor as View<typeof old>, (old.length / held) * room);
    new Uint8Array(larger.buffer).set(new Uint8Array(old.buffer));
    Object.assign(columns, { [name]: larger });
  }
}

type Growth = { readonly held: number; readonly room: number };

export function reserveRows(table: Table, count: number): number {
  const at = table.rows;
  const held = table.columns.kind.length;
  if (at + count > held) grow(table.columns, 'rows', { held, room: Math.ceil((at + count) * 1.5) });
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
  const held = table.columns.folderParent.length;
  if (folder >= held) grow(table.columns, 'folders', { held, room: Math.ceil((folder + 1) * 1.5) });
  table.folders += 1;
  const { columns } = table;
  columns.folderNameAt[folder] = addName(table, name);
  columns.folderNameLength[folder] = name.length;
  columns.folderParent[folder] = parent;
  columns.folderStale[folder] = 1;
  columns.folderRightsStale[folder] = 1;
  return folder;
}
