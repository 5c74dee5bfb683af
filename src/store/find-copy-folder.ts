/** The folder `.clew` of a workspace, where the person made one: there the layers are copied to, and nowhere else. */
import { lstatSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** A link may lead anywhere, and is none. */
export function findCopyFolder(root: string): string | undefined {
  const folder = join(root, '.clew');
  return isFolder(folder) ? folder : undefined;
}

/** The one for sessions in it. */
export function openSessionsCopy(root: string): string | undefined {
  const folder = findCopyFolder(root);
  if (folder === undefined) return undefined;
  const sessions = join(folder, 'sessions');
  mkdirSync(sessions, { recursive: true });
  return isFolder(sessions) ? sessions : undefined;
}

function isFolder(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
