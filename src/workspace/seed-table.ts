/** Fills a table from the user's index: the paths it vouches for, and their object ids. */
import { type IndexEntry, readIndex } from '../snapshot/index-reader.ts';
import { addRow, flags, type Kind, kinds, type Table } from '../snapshot/table.ts';

export type Seeding = {
  readonly index: Buffer;
  /** When the index file was written, in nanoseconds: an entry as young as that is racy. */
  readonly indexMtime: bigint;
  /** Folder of the workspace inside its repository, '' or with a slash at its end. */
  readonly prefix: string;
  /** Whether git may store other bytes for this path than those on disk; left out where it never does. */
  readonly isConverted?: ((path: string) => boolean) | undefined;
};

export type Seeded = { readonly rows: number; readonly why?: string };

/** When it says why not, the table is spoilt: make a new one. */
export function seedTable(table: Table, seeding: Seeding): Seeded {
  const trail: Trail = { folder: 0, path: '' };
  let rows = 0;
  const { index } = seeding;
  const decode = (from: number, to: number) => index.toString('latin1', from, to);
  const report = readIndex(index, decode, (entry) => {
    const kind = kindOfEntry(entry);
    if (kind === kinds.none || entry.stage !== 0 || !entry.path.startsWith(seeding.prefix)) return;
    const path = seeding.prefix === '' ? entry.path : entry.path.slice(seeding.prefix.length);
    if (isUnfit(path)) return;
    rows += 1;
    addEntry(table, follow(table, trail, path), { entry, kind, path, seeding });
  });
  return report.kind === 'read' ? { rows } : { rows: 0, why: report.why };
}

/** Where the last entry lay: the next one is mostly in the same folder. */
type Trail = { folder: number; path: string };

function follow(table: Table, trail: Trail, path: string): number {
  const cut = path.lastIndexOf('/');
  const folderPath = cut < 0 ? '' : path.slice(0, cut);
  if (folderPath === trail.path) return trail.folder;
  let folder = 0;
  for (const name of folderPath === '' ? [] : folderPath.split('/')) {
    const row = addRow(table, folder, name, kinds.folder);
    folder = table.columns.child[row] ?? 0;
  }
  trail.folder = folder;
  trail.path = folderPath;
  return folder;
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

type Addition = {
  readonly entry: Readonly<IndexEntry>;
  readonly kind: Kind;
  readonly path: string;
  readonly seeding: Seeding;
};

const nanos = 1_000_000_000n;

function addEntry(table: Table, folder: number, { entry, kind, path, seeding }: Addition): void {
  const row = addRow(table, folder, path.slice(path.lastIndexOf('/') + 1), kind);
  const { columns } = table;
  const mtime = BigInt(entry.mtimeSeconds) * nanos + BigInt(entry.mtimeNanos);
  columns.mtime[row] = mtime;
  columns.ctime[row] = BigInt(entry.ctimeSeconds) * nanos + BigInt(entry.ctimeNanos);
  columns.size[row] = entry.size;
  columns.inode[row] = entry.inode;
  const { index } = seeding;
  for (let at = 0; at < 20; at += 1) columns.oid[row * 20 + at] = index[entry.oidAt + at] ?? 0;
  const isDoubtful =
    entry.doubtful || mtime >= seeding.indexMtime || seeding.isConverted?.(path) === true;
  columns.flag[row] = isDoubtful ? flags.doubtful : flags.unproven;
}
