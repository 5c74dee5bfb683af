/** Folds journal entries into rows: what one entry changes, given what its writer said before. */
import type { Event } from '../contract/types.gen.ts';
import type { Entry } from '../journal/entry.ts';
import type { Place } from './claimed-path.ts';
import { tidyRow } from './columns.ts';
import { foldMark } from './fold-mark.ts';
import { foldSession } from './fold-session.ts';
import { foldStep } from './fold-step.ts';
import { foldTrouble } from './fold-trouble.ts';
import { foldTurn } from './fold-turn.ts';
import { foldWriter } from './fold-writer.ts';
import type { Change, OpeningRow, WriterRow } from './rows.ts';

/** All that must be remembered of earlier entries: these two rows, if there are any. */
export type Known = {
  /** Of the entry's writer. */
  readonly writer: WriterRow | undefined;
  /** Of the entry's session, as this writer saw it. */
  readonly opening: OpeningRow | undefined;
};

export type Folded = {
  readonly writer: WriterRow;
  readonly opening: OpeningRow | undefined;
  readonly changes: readonly Change[];
};

/** An entry about to be folded, with where it stands. */
export type Here<E extends Event = Event> = {
  readonly entry: Entry;
  readonly event: E;
  readonly stamp: number;
  /** Entries of this writer are missing, so something may be named that was never seen to begin. */
  readonly holed: boolean;
  readonly place: Place;
};

/**
 * Journals are copied between machines and written by other versions, so an event may have the
 * name of one of ours and another shape. It is said so, and costs nothing but itself.
 */
export function foldEntry(known: Known, entry: Entry): Folded {
  // Told already: a file may have been copied or restored beside itself.
  if (known.writer !== undefined && entry.seq <= known.writer.seq)
    return { writer: known.writer, opening: known.opening, changes: [] };
  try {
    return foldWhole(known, entry);
  } catch (cause) {
    const bare = foldWhole(known, { ...entry, event: { type: 'misshapen' } as unknown as Event });
    const { writer, seq } = entry;
    const text = `an event of type ${String(entry.event?.type)} has another shape (${String(cause)})`;
    const row = { writer, seq, stamp: bare.writer.stamp, text };
    return { ...bare, changes: [...bare.changes, { how: 'put', table: 'problems', row }] };
  }
}

function foldWhole(known: Known, entry: Entry): Folded {
  const { event } = entry;
  const counted = countEntry(known.writer, entry);
  const writer = foldWriter(counted, event);
  const seen = openingOf(known.opening, entry, writer.stamp);
  const opening = seen && foldSession(seen, event);
  const place = { workspace: writer.workspace, cwd: opening?.cwd };
  const here = { entry, event, stamp: writer.stamp, holed: 0 < writer.missing, place };
  const missing = writer.missing - (known.writer?.missing ?? 0);
  const changes = [
    ...foldTurn(here),
    ...foldStep(here),
    ...foldMark(here),
    ...foldTrouble(here, missing),
  ];
  return {
    // Only what an event says can be misshapen.
    writer: writer === counted ? writer : tidyRow('writers', writer),
    opening: opening && opening !== seen ? tidyRow('openings', opening) : opening,
    changes: changes.map(tidyChange),
  };
}

function tidyChange(change: Change): Change {
  const row = tidyRow(change.table, change.row);
  return row === change.row ? change : ({ ...change, row } as Change);
}

/** The writer's row with this entry in it. Its stamp never goes back, whatever the clock does. */
function countEntry(before: WriterRow | undefined, entry: Entry): WriterRow {
  const seen = before?.seq ?? 0;
  return {
    ...before,
    writer: entry.writer,
    stamp: Math.max(before?.stamp ?? entry.at, entry.at),
    seq: Math.max(seen, entry.seq),
    entries: (before?.entries ?? 0) + 1,
    startedAt: before?.startedAt ?? entry.at,
    lastAt: entry.at,
    missing: (before?.missing ?? 0) + Math.max(0, entry.seq - seen - 1),
  };
}

function openingOf(
  before: OpeningRow | undefined,
  entry: Entry,
  stamp: number,
): OpeningRow | undefined {
  const { session, writer, seq, at } = entry;
  if (typeof session !== 'string') return undefined;
  const last = { lastStamp: stamp, lastSeq: seq, lastAt: at };
  if (before !== undefined) return { ...before, ...last };
  return { session, writer, stamp, seq, startedAt: at, ...last };
}
