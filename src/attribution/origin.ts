/** Where a line comes from, and how that is known. */

/**
 * W: the wire told the very text. L: the agent's own log told it. X: nothing told it, and only one
 * agent can have been it. C: more than one can. U: nobody knows.
 */
export type Grade = 'W' | 'L' | 'X' | 'C' | 'U';

/**
 * formatter: the line's spaces, quotes or breaks are another's. moved: it stood elsewhere. file: the
 * file is not told apart line by line, and this was its last change.
 */
export type Flag = 'formatter' | 'moved' | 'file';

export type By = {
  readonly session: string;
  readonly turn: string;
  /** Left out where several tool calls of the turn can have been it. */
  readonly step?: string;
};

export type Origin = {
  readonly grade: Grade;
  /** Whose it is: of W, L and X. */
  readonly by?: By;
  /** The tool calls that can have been it, where there are several. */
  readonly among?: readonly string[];
  readonly flags?: readonly Flag[];
  /** The checkpoint that had it first. Left out: it was there before clew looked, or was never seen. */
  readonly seen?: string;
};

/** What was there before anybody looked. */
export const unseen: Origin = { grade: 'U' };

const flagged = new WeakMap<Origin, Map<Flag, Origin>>();

/** The same object for the same question, so that runs stay long. */
export function withFlag(origin: Origin, flag: Flag): Origin {
  if (origin.flags?.includes(flag) === true) return origin;
  const known = flagged.get(origin) ?? new Map<Flag, Origin>();
  flagged.set(origin, known);
  const made = known.get(flag) ?? { ...origin, flags: [...(origin.flags ?? []), flag].sort() };
  known.set(flag, made);
  return made;
}

/** Whether somebody is named, surely or not. */
export function isAgents({ grade }: Origin): boolean {
  return grade !== 'U';
}
