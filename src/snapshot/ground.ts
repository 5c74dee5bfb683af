/** Which folder a state belongs to, and whether another that is found is the same one. */

/** A folder as it is on the disk at one moment; numbers as decimal text. */
export type Ground = {
  /** Real path. */
  readonly path: string;
  readonly device: string;
  readonly inode: string;
  /** Left out where the file system does not keep it. */
  readonly born?: string;
  readonly gitCommonDir?: string;
};

/**
 * `same`: certainly. `moved`: the same folder under a new path. `replaced`: another folder under the same
 * path (cloned anew, restored from a backup). `other`: none of these.
 */
export type Likeness = 'same' | 'moved' | 'replaced' | 'other';

export function judgeLikeness(known: Ground, found: Ground): Likeness {
  const isSameInode = known.inode === found.inode;
  const isBornKnown = known.born !== undefined && found.born !== undefined;
  if (known.path === found.path) {
    // Not the device: its number changes with every mount on many file systems.
    const isSame = isSameInode && (!isBornKnown || known.born === found.born);
    return isSame ? 'same' : 'replaced';
  }
  // An inode number is given away again within moments, so here it proves nothing without the birth.
  const isProven = isBornKnown && known.born === found.born;
  return isProven && isSameInode && known.device === found.device ? 'moved' : 'other';
}
