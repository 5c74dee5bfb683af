/** What the index has taken in, to go on from there: how far each file was read, and who was at work. */
import type { OpeningRow, WriterRow } from '../../trace/rows.ts';
import type { JournalCursor } from '../journal-place.ts';
import type { Database } from './driver.ts';
import { decodeRow } from './tables.ts';

export type Ground = {
  readonly cursors: ReadonlyMap<string, JournalCursor>;
  readonly writers: readonly WriterRow[];
  /** Sessions as those saw them who have not said that they ended. */
  readonly openings: readonly OpeningRow[];
};

export function askGround(database: Database): Ground {
  const cursors = database.prepare('SELECT file, "offset", seq, sum FROM cursors').all() as ({
    file: string;
  } & JournalCursor)[];
  return {
    cursors: new Map(cursors.map(({ file, ...cursor }) => [file, cursor])),
    writers: database
      .prepare('SELECT * FROM writers')
      .all()
      .map((it) => decodeRow('writers', it)),
    openings: database
      .prepare(
        'SELECT * FROM openings WHERE writer IN (SELECT writer FROM writers WHERE ended IS NULL)',
      )
      .all()
      .map((it) => decodeRow('openings', it)),
  };
}
