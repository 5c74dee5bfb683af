/** Tells an agent before the first prompt of a session where the one that it goes on from left the work. */

import type { Words } from '../acp/prompt-place.ts';
import type { LayerOrigin, TurnStarted } from '../contract/types.gen.ts';
import type { Note } from '../journal/entry.ts';
import { waitAtMost } from './wait-at-most.ts';

export type Beginning = {
  readonly session: string;
  readonly root: string;
  /** Its agent takes resources in prompts. */
  readonly embeds: boolean;
  /** What it goes on from, as far as that was looked up; a person may be quicker. */
  after(): LayerOrigin | undefined;
  /** Fulfilled when it was. */
  settled(): Promise<unknown> | undefined;
};

export type ResumePorts = {
  /** What it is told; undefined where it is to be told nothing. */
  textOf?(root: string, after: LayerOrigin): Promise<string | undefined>;
  write(note: Note): void;
  complain(root: string, error: unknown): void;
};

export type Resume = {
  /** A prompt is on its way: `first` when it is the first of a session that is new. */
  notePrompt(turn: TurnStarted, first: Beginning | undefined): void;
  /** Puts words before that prompt, and says so in the journal. */
  beforePrompt<Place>(place: (words: Words) => Place | undefined): Promise<Place | undefined>;
};

/** The gate of a prompt is not held up for longer. */
const patienceMs = 500;

export function openResume({ textOf, write, complain }: ResumePorts): Resume {
  let prompted: { readonly first: Beginning; readonly turn: string } | undefined;

  async function tell<Place>(
    { session, root, embeds, after: find, settled }: Beginning,
    turn: string,
    place: (words: Words) => Place | undefined,
  ): Promise<Place | undefined> {
    await waitAtMost(patienceMs, settled());
    const after = find();
    const text = after && (await textOf?.(root, after));
    if (after === undefined || text === undefined) return undefined;
    const { session: resumes } = after;
    // As what it is: something to know, and not the person's words.
    const words = { text, ...(embeds ? { uri: `clew://session/${resumes}` } : {}) };
    const placed = place(words);
    if (placed === undefined) return undefined;
    write({ session, event: { type: 'context-added', turn, resumes, ...words } });
    return placed;
  }

  return {
    notePrompt({ turn, origin }, first) {
      if (origin === 'prompt') prompted = first && { first, turn };
    },
    async beforePrompt(place) {
      const asked = prompted;
      prompted = undefined;
      if (asked === undefined || textOf === undefined) return undefined;
      try {
        return await tell(asked.first, asked.turn, place);
      } catch (error) {
        complain(asked.first.root, error);
        return undefined;
      }
    },
  };
}
