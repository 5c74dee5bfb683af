/** Holds a folder of the workspace open, so that what is done in it is done in it, whatever becomes of its path. */
import { closeSync, constants, existsSync, openSync, readlinkSync } from 'node:fs';
import type { RawPath } from '../snapshot/raw-path.ts';
import { kinds } from '../snapshot/table.ts';
import { placeOf, readSeen } from './read-seen.ts';

export type HeldFolder = {
  /** A path that leads to this very folder; names are appended to it. */
  readonly root: string;
  /** The folder itself, open to be synced; closed by whoever asked. */
  open(): number;
  close(): void;
};

/** `nothing`: no such folder. `elsewhere`: a link is in the way. */
export type Hold = HeldFolder | 'nothing' | 'elsewhere';

export type Holding = {
  /** Of one step after the other: a folder is let go when another is asked for. */
  hold(folder: RawPath): Hold;
  close(): void;
};

const canHold = existsSync('/proc/self/fd');
const asFolder = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;

export function openHolding(root: string): Holding {
  let last: { readonly folder: RawPath; readonly held: HeldFolder } | undefined;
  function close(): void {
    last?.held.close();
    last = undefined;
  }
  return {
    hold(folder) {
      if (last?.folder === folder && isStillAt(root, last)) return last.held;
      close();
      const held = canHold ? holdByNumber(root, folder) : holdByPath(root, folder);
      if (typeof held !== 'string') last = { folder, held };
      return held;
    },
    close,
  };
}

/** The system says by which path it is found now, without any links. */
function isStillAt(
  root: string,
  { folder, held }: { readonly folder: RawPath; readonly held: HeldFolder },
): boolean {
  if (!canHold) return false;
  const path = Buffer.from(placeOf(root, folder)).toString('latin1');
  return readlinkSync(held.root, 'latin1') === path;
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
  const at = `/proc/self/fd/${held}`;
  return {
    root: at,
    open: () => openSync(at, constants.O_RDONLY | constants.O_DIRECTORY),
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
  return { root: at, open: () => openSync(at, 'r'), close() {} };
}
