/** One path of a restore: what is there, and what is wanted instead. */

/** A file's bytes (or a link's target) by their git blob id; a folder has no id. */
export type Version = {
  readonly mode: '100644' | '100755' | '120000' | '040000';
  readonly oid: string;
  /**
   * All twelve bits, also those that are never brought back; `unseen` where a checkpoint knows that it did not
   * look. Left out where there is no telling: a link, what git's trees say, checkpoints of earlier versions.
   */
  readonly rights?: number | 'unseen';
  /** Of the folders above, the highest first, where one is not as it would be made. */
  readonly above?: readonly (number | 'unseen')[];
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

/** What is not known of rights is no difference. */
export function isSameVersion(one: Version | undefined, other: Version | undefined): boolean {
  if (!isSameContent(one, other)) return false;
  const [is, was] = [one?.rights, other?.rights];
  return typeof is !== 'number' || typeof was !== 'number' || is === was;
}

/** As git compares: of the rights, only the right to run counts. */
export function isSameContent(one: Version | undefined, other: Version | undefined): boolean {
  return one?.mode === other?.mode && one?.oid === other?.oid;
}
