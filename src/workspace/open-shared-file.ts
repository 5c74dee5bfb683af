/** A file of the workspace that people and several processes write: where it really is, and how to replace it. */
import { lstatSync, mkdirSync, realpathSync, type Stats } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';
import { Failure } from '../errors.ts';
import { readSeenFile, type SeenFile, swapFile } from './swap-file.ts';

export type SharedFile = {
  /** Where links lead to. */
  readonly path: string;
  /** Undefined where there is none. */
  read(): SeenFile | undefined;
  /** False when it is no longer what was seen. Makes its folder where there is none. */
  swap(seen: SeenFile | undefined, bytes: Uint8Array): boolean;
};

/** `root`: real path. Links are followed inside of it only: a repository may bring links of its own. */
export function openSharedFile(root: string, name: string, limitBytes: number): SharedFile {
  const path = resolveInside(root, join(root, name));
  return {
    path,
    read() {
      const found = statIfThere(path);
      if (found !== undefined && !found.isFile())
        throw refuse(path, 'is no file', 'move it away; clew reads a file there');
      if (found !== undefined && limitBytes < found.size)
        throw refuse(path, `has ${found.size} bytes`, `at most ${limitBytes} are read`);
      return readSeenFile(path);
    },
    swap(seen, bytes) {
      if (seen === undefined) mkdirSync(dirname(path), { recursive: true });
      return swapFile(path, seen, bytes);
    },
  };
}

function resolveInside(root: string, named: string): string {
  const real = realIfThere(named);
  if (real !== undefined) return checkInside(root, named, real);
  refuseLeadingNowhere(named);
  const folder = realIfThere(dirname(named));
  if (folder !== undefined) return join(checkInside(root, named, folder), basename(named));
  refuseLeadingNowhere(dirname(named));
  return named;
}

function checkInside(root: string, named: string, real: string): string {
  if (real === root || real.startsWith(root.endsWith(sep) ? root : root + sep)) return real;
  throw refuse(named, 'leads out of the workspace', 'put the file itself there, not a link');
}

function refuseLeadingNowhere(path: string): void {
  if (statIfThere(path) === undefined) return;
  throw refuse(path, 'is a link that leads nowhere', 'take it away, or mend it');
}

function realIfThere(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw code === undefined
      ? error
      : refuse(path, `cannot be read (${code})`, 'mend it, and try again');
  }
}

function statIfThere(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}

function refuse(path: string, why: string, hint: string): Failure {
  return new Failure('file-refused', `${path} ${why}`, { data: { path }, hint });
}
