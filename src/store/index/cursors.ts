/** How far each journal file was read, kept with what was read in the same transaction. */
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import type { listJournals } from '../journal-names.ts';
import type { JournalCursor } from '../journal-place.ts';
import type { Database } from './driver.ts';
import { isMissing } from './seal.ts';

export type JournalFile = ReturnType<typeof listJournals>[number];

export type Cursors = {
  get(file: JournalFile): JournalCursor | undefined;
  set(file: JournalFile, cursor: JournalCursor): void;
  /** Why the index cannot go on from here, because the journals are not those it was made of. */
  findBreak(files: readonly JournalFile[]): string | undefined;
};

type CursorRow = JournalCursor & {
  readonly file: string;
  readonly writer: string;
  readonly n: number;
};

export function openCursors(database: Database): Cursors {
  const find = database.prepare('SELECT "offset", seq, sum FROM cursors WHERE file = ?');
  const all = database.prepare('SELECT * FROM cursors ORDER BY writer, n');
  const replace = database.prepare('REPLACE INTO cursors VALUES (?, ?, ?, ?, ?, ?)');
  return {
    get: (file) => find.get(file.name) as JournalCursor | undefined,
    set({ name, writer, file }, { offset, seq, sum }) {
      replace.run(name, writer, file, offset, seq, sum);
    },
    findBreak(files) {
      const there = new Map(files.map((it) => [it.name, it]));
      const rows = all.all() as CursorRow[];
      const gone = rows.find((it) => !there.has(it.file));
      if (gone !== undefined) return `${gone.file} is no longer there`;
      const newest = new Map(rows.map((it) => [it.writer, it.n]));
      const known = new Set(rows.map((it) => it.file));
      const older = files.find(
        (it) => !known.has(it.name) && it.file < (newest.get(it.writer) ?? 0),
      );
      if (older !== undefined) return `${older.name} came after what follows it`;
      const other = rows.find((it) => !isAsLeft(there.get(it.file)?.path ?? '', it));
      return other === undefined ? undefined : `${other.file} is not what it was`;
    },
  };
}

/** Whether the line that the cursor stands behind is there still. Nothing new needs no second look. */
function isAsLeft(path: string, { offset, sum }: JournalCursor): boolean {
  if (statSync(path, { throwIfNoEntry: false })?.size === offset) return true;
  const ending = Buffer.from(`"${sum}"}\n`);
  const found = Buffer.alloc(ending.length);
  try {
    const fd = openSync(path, 'r');
    try {
      readSync(fd, found, 0, found.length, Math.max(0, offset - found.length));
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
  return found.equals(ending);
}
