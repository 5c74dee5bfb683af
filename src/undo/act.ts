/** What somebody did between two checkpoints that can have changed files: kept with the later one, as its evidence. */

/** A tool call of an agent's turn, or an undo of ours. */
export type Actor =
  | { readonly session: string; readonly turn: string; readonly step: string }
  | { readonly undo: string };

/**
 * How much an act may have changed beyond what it names: nothing; removals, which a move does not
 * tell; anything, as a command does.
 */
export type Reach = 'named' | 'removals' | 'anything';

export type Act = {
  readonly by: Actor;
  /** Paths that it says it writes, relative to the workspace. */
  readonly paths: readonly string[];
  readonly reach: Reach;
  /** Of these, what it says it made of them, as far as it told. */
  readonly told?: readonly Told[];
  /** It ended in failure or was refused: what only it named, it need not have written. */
  readonly failed?: true;
  /**
   * Before that it had surely not begun: milliseconds since 1970, by the clock that stamps files. It only
   * ever acquits; left out where it cannot be said.
   */
  readonly since?: number;
};

/** A claim with its texts: git blob ids, kept with the checkpoint that has the act. */
export type Told = {
  readonly path: string;
  /** Where it was, for a move or a copy. */
  readonly from?: string;
  readonly before?: string;
  /** Left out of a removal. */
  readonly after?: string;
  /** The texts are whole files, not parts of one. */
  readonly whole?: true;
};

/** What an agent's own log says that a tool call wrote: a second witness, whom nobody watched. */
export type Logged = {
  readonly by: { readonly session: string; readonly turn: string; readonly step: string };
  readonly agent: string;
  readonly told: readonly Told[];
};

/** Those who act one after the other, never at once: a session, or one undo. */
export function lineOf(by: { readonly session?: string; readonly undo?: string }): string {
  return by.session ?? by.undo ?? '';
}
