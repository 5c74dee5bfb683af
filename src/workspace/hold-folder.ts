/** Holds a folder of the workspace open, so that what is done in it is done in it, whatever becomes of its path. */
import { closeSync, constants, existsSync, fsyncSync, openSync } from 'node:fs';
import type { RawPath } from '../snapshot/raw-path.ts';
import { kinds } from '../snapshot/table.ts';
import { placeOf, readSeen } from './read-seen.ts';

export type HeldFolder = {
  /** A path that leads to this very folder; names are appended to it. */
  readonly root: string;
  sync(): void;
  close(): void;
};

/** `nothing`: no such folder. `elsewhere`: a link is in the way. */
export type Hold = HeldFolder | 'nothing' | 'elsewhere';

const canHold = existsSync('/proc/self/fd');
const asFolder = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;

export function holdFolder(root: string, folder: RawPath): Hold {
  return canHold ? holdByNumber(root, folder) : holdByPath(root, folder);
}

/** Name by name through open folders: a link put there meanwhile is not followed. */
function holdByNumber(root: string, folder: RawPath): Hold {
  let fd = openSync(root, asFolder);
  for (const name of folder === '' ? [] : folder.split('/')) {
    const above = fd;
    try {
      fd = openSync(placeOf(`/proc/self/fd/${above}`, name), asFolder);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'ENOENT' && code !== 'ENOTDIR' && code !== 'ELOOP') throw error;
      const isLink = readSeen(`/proc/self/fd/${above}`, name)?.kind === kinds.link;
      return isLink ? 'elsewhere' : 'nothing';
    } finally {
      closeSync(above);
    }
  }
  const held = fd;
  return {
    root: `/proc/self/fd/${held}`,
    sync: () => fsyncSync(held),
    close: () => closeSync(held),
  };
}

/** Where folders cannot be held, each is at least looked at just before. */
function holdByPath(root: string, folder: RawPath): Hold {
  let at = root;
  for (const name of folder === '' ? [] : folder.split('/')) {
    const seen = readSeen(at, name);
    if (seen?.kind === kinds.link) return 'elsewhere';
    if (seen?.kind !== kinds.folder) return 'nothing';
    at = String(placeOf(at, name));
  }
  return {
    root: at,
    sync() {
      const fd = openSync(at, 'r');
      fsyncSync(fd);
      closeSync(fd);
    },
    close() {},
  };
}
