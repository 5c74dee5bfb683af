/** File systems that take README and Readme for one name: how to tell one, and what is really called so there. */
import { type BigIntStats, type Dir, lstatSync, opendirSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { folderOf, nameOf, type RawPath } from '../snapshot/raw-path.ts';
import { isYoung } from './read-file.ts';
import { placeOf, readStat } from './read-seen.ts';

/** The same for two names that such a file system takes for one. */
export function foldName(path: string): string {
  return path.normalize('NFC').toLowerCase();
}

/** Looked at, not tried: a name of the folder with its letters the other way, or else its own. */
export function foldsNames(root: string): boolean {
  const inside = findLettered(root);
  return inside === undefined ? isOneWith(dirname(root), basename(root)) : isOneWith(root, inside);
}

const namesLookedAt = 64;

function findLettered(root: string): string | undefined {
  const folder = openIfAllowed(root);
  try {
    for (let count = 0; count < namesLookedAt; count += 1) {
      const name = folder?.readSync()?.name;
      if (name === undefined) return undefined;
      if (turnCase(name) !== name) return name;
    }
    return undefined;
  } finally {
    folder?.closeSync();
  }
}

function openIfAllowed(folder: string): Dir | undefined {
  try {
    return opendirSync(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EACCES' && code !== 'EPERM') throw error;
    return undefined;
  }
}

function turnCase(name: string): string {
  return name === name.toUpperCase() ? name.toLowerCase() : name.toUpperCase();
}

function isOneWith(folder: string, name: string): boolean {
  const other = turnCase(name);
  const twin = other === name ? undefined : readStat(join(folder, other));
  // Where both names are there, they may be two links to one file.
  return (
    twin !== undefined &&
    twin.ino === lstatSync(join(folder, name), { bigint: true }).ino &&
    !readNames(folder).has(Buffer.from(other).toString('latin1'))
  );
}

/** Whether a path's last name is really written so in its folder. */
export function openNameCheck(root: string): (path: RawPath) => boolean {
  let last: { folder: RawPath; stat: BigIntStats; names: ReadonlySet<string> } | undefined;
  return (path) => {
    if (path === '') return true;
    const folder = folderOf(path);
    const lookedMs = Date.now();
    const stat = readStat(placeOf(root, folder));
    if (stat === undefined) return false;
    const isKnown =
      last?.folder === folder &&
      last.stat.ino === stat.ino &&
      last.stat.mtimeNs === stat.mtimeNs &&
      last.stat.ctimeNs === stat.ctimeNs;
    if (isKnown && last) return last.names.has(nameOf(path));
    const names = readNames(placeOf(root, folder));
    const isSure = !isYoung({ mtime: stat.mtimeNs, ctime: stat.ctimeNs }, lookedMs);
    last = isSure ? { folder, stat, names } : undefined;
    return names.has(nameOf(path));
  };
}

function readNames(place: string | Buffer): ReadonlySet<string> {
  try {
    return new Set(readdirSync(place, 'latin1'));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // No folder any more, or none that we may list: then no name can be told from another.
    if (code !== 'ENOENT' && code !== 'ENOTDIR' && code !== 'ELOOP' && code !== 'EACCES')
      throw error;
    return new Set();
  }
}
