/** What a stat says of a path, in the table's words; undefined when nothing is there. */
import { type BigIntStats, lstatSync } from 'node:fs';
import { isAscii, type RawPath } from '../snapshot/raw-path.ts';
import { noteRights } from '../snapshot/rights.ts';
import { type Kind, kinds, type Seen } from '../snapshot/table.ts';

/** A path as node's fs takes it: text where that is safe (and quicker), else its very bytes. */
export function placeOf(root: string, path: RawPath): string | Buffer {
  const whole = path === '' ? root : `${root}/${path}`;
  return isAscii(path)
    ? whole
    : Buffer.concat([Buffer.from(`${root}/`), Buffer.from(path, 'latin1')]);
}

const look = { bigint: true, throwIfNoEntry: false } as const;

export function readStat(place: string | Buffer): BigIntStats | undefined {
  try {
    return lstatSync(place, look);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // A parent that became a file, a link that loops, a folder that cannot be entered: nothing to see.
    if (code === 'ENOTDIR' || code === 'ELOOP' || code === 'EACCES' || code === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
}

export function seenOf(stat: BigIntStats): Seen {
  return {
    kind: kindOf(Number(stat.mode)),
    mtime: stat.mtimeNs,
    ctime: stat.ctimeNs,
    size: Number(stat.size & 0xffffffffn),
    inode: Number(stat.ino & 0xffffffffn),
    rights: noteRights(Number(stat.mode)),
  };
}

export function kindOf(mode: number): Kind {
  const type = mode & 0o170000;
  if (type === 0o100000) return (mode & 0o100) === 0 ? kinds.file : kinds.program;
  if (type === 0o040000) return kinds.folder;
  return type === 0o120000 ? kinds.link : kinds.special;
}

export function readSeen(root: string, path: RawPath): Seen | undefined {
  const stat = readStat(placeOf(root, path));
  return stat === undefined ? undefined : seenOf(stat);
}
