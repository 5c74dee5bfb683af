/** One thing that happened, in its envelope: who wrote it down, as which of their entries, and when. */
import type { Event } from '../contract/types.gen.ts';

export type Entry = {
  /** ULID of the run that wrote it. */
  readonly writer: string;
  /** Counted from 1 in each writer. Order is (writer, seq), never the clock. */
  readonly seq: number;
  /** Milliseconds since 1970, for people. */
  readonly at: number;
  /** Milliseconds since the writer began; never goes back. */
  readonly mono: number;
  readonly session?: string;
  readonly event: Event;
};

/** What somebody has to say, before the store stamps it. */
export type Note = { readonly session?: string; readonly event: Event };

/** How many entries are missing just before this one, as it says itself. */
export function countLost(event: Event): number {
  if (event.type === 'recording-resumed') return event.lost;
  return event.type === 'entries-dropped' ? event.entries : 0;
}
