/** Which files are others by now than those that a session knew. */
import type { ShortLayer, TouchedFile } from '../contract/types.gen.ts';
import { readVersion } from './read-version.ts';

const fileLimit = 200;

export function findStale(root: string, { read, edited }: ShortLayer): string[] {
  // What was seen last of a file counts: an edit is later than the reading before it.
  const known = new Map<string, TouchedFile>();
  for (const file of [...read, ...edited]) known.set(file.path, file);
  return [...known.values()]
    .filter((it) => it.blob !== undefined && !it.path.startsWith('/'))
    .slice(-fileLimit)
    .filter(({ path, blob }) => isOther(root, path, blob))
    .map((it) => it.path);
}

function isOther(root: string, path: string, blob: string | undefined): boolean {
  const found = readVersion(root, Buffer.from(path).toString('latin1'));
  if (found.kind === 'other') return false;
  return found.kind === 'nothing' || found.version.oid !== blob;
}
