/** Which versions sessions have seen, in the state store: one value for each file, and a list for each session. */
import type { Seen } from '../../context/seen.ts';
import type { StateStore } from './open-state-store.ts';

export type SeenSpace = {
  read(identity: string): Promise<Map<string, Seen>>;
  write(identity: string, path: string, seen: Seen): Promise<void>;
  /** Says that a run is at it, or has written everything down and is not any more. */
  mark(identity: string, isAtWork: boolean): Promise<void>;
  /** Whether a run is at it, or has ended without saying so: then the last things may be missing. */
  isMarked(identity: string): Promise<boolean>;
  /** Names the files that `read` finds again. Of files past the limit the first ones are forgotten. */
  list(identity: string, paths: Iterable<string>): Promise<void>;
  /** Figures of one run, by whatever names it. */
  count(run: string, counts: SeenCounts): Promise<void>;
  /** Of a run that goes on, or of the last one. */
  readCounts(run: string | undefined): Promise<SeenCounts | undefined>;
};

export type SeenCounts = {
  readonly sessions: number;
  /** Files in memory. */
  readonly files: number;
  readonly reads: number;
  readonly edits: number;
  readonly skips: Readonly<Record<string, number>>;
};

/** So long a session may rest before it is taken up again. */
const ttlMs = 30 * 24 * 3_600_000;
export const filesPerSession = 2_000;

export function openSeenSpace(store: StateStore): SeenSpace {
  const files = store.space<Seen>('seen-files', { version: 1, ttlMs });
  const lists = store.space<readonly string[]>('seen-lists', { version: 1, ttlMs });
  const marks = store.space<true>('seen-marks', { version: 1, ttlMs });
  const counts = store.space<SeenCounts>('seen-counts', { version: 1, ttlMs });
  return {
    async read(identity) {
      const paths = (await lists.get(identity)) ?? [];
      const found = new Map<string, Seen>();
      for (const path of paths) {
        const seen = await files.get(nameFile(identity, path));
        if (seen !== undefined) found.set(path, seen);
      }
      return found;
    },
    mark: (identity, isAtWork) => (isAtWork ? marks.set(identity, true) : marks.delete(identity)),
    isMarked: async (identity) => (await marks.get(identity)) === true,
    write: (identity, path, seen) => files.set(nameFile(identity, path), seen),
    list: (identity, paths) => lists.set(identity, [...paths].slice(-filesPerSession)),
    async count(run, told) {
      await counts.set(run, told);
      await counts.set('last', told);
    },
    readCounts: (run = 'last') => counts.get(run),
  };
}

function nameFile(identity: string, path: string): string {
  return `${identity}\n${path}`;
}
