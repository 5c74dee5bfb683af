/** One path of a restore: what is there, and what is wanted instead. */

/** A file's bytes (or a link's target) by their git blob id; a folder has no id. */
export type Version = {
  readonly mode: '100644' | '100755' | '120000' | '040000';
  readonly oid: string;
};

export type RestoreStep = {
  /** As people see it; `readPath` gives the bytes. */
  readonly path: string;
  /** Left out: there is nothing. */
  readonly found?: Version;
  /** Left out: there is to be nothing. */
  readonly want?: Version;
};

export type RestoreReport = {
  readonly id: string;
  readonly written: readonly string[];
  readonly removed: readonly string[];
  /** Already as wanted: not touched. */
  readonly identical: readonly string[];
  /** Changed by somebody since the plan was made: not touched. */
  readonly skipped: readonly string[];
  /** Why it is only half done; it is tried again at the next opening and before the next restore. */
  readonly unfinished?: string;
  /** It cannot ever be finished, since bytes are lost, and is not tried again. */
  readonly isAbandoned?: true;
};

export function isSameVersion(one: Version | undefined, other: Version | undefined): boolean {
  return one?.mode === other?.mode && one?.oid === other?.oid;
}
