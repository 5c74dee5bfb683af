/** A path as checkpoints name it: relative to the workspace, with slashes, by whatever name somebody knows it. */
import { realpathSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path';

/** Undefined for what lies outside; nothing for the workspace itself. `root`: real path. */
export function findInside(root: string, path: string): string | undefined {
  const inside = isAbsolute(path) ? fromRoot(root, path) : join('.', path);
  if (inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside)) return undefined;
  if (inside === '.' || inside === '') return '';
  const plain = inside.endsWith(sep) ? inside.slice(0, -1) : inside;
  return plain.split(sep).join('/');
}

/** The same of the file that a reader or a writer comes to by this path: links inside of the workspace lead on. */
export function findTarget(root: string, path: string): string | undefined {
  const inside = findInside(root, path);
  if (inside === undefined || inside === '') return inside;
  for (let at = inside, rest = ''; at !== '.'; at = dirname(at)) {
    const real = realName(join(root, at));
    if (real !== undefined) return findInside(root, join(real, rest));
    rest = join(basename(at), rest);
  }
  return inside;
}

/** Somebody may know the workspace by another name, through a link. */
function fromRoot(root: string, path: string): string {
  const direct = relative(root, path);
  if (direct !== '..' && !direct.startsWith(`..${sep}`)) return direct;
  for (let at = path, rest = ''; at !== dirname(at); ) {
    rest = join(basename(at), rest);
    at = dirname(at);
    const real = realName(at);
    // The nearest folder that is there says where all below it will be.
    if (real !== undefined) return relative(root, join(real, rest));
  }
  return direct;
}

function realName(path: string): string | undefined {
  try {
    // Asked first, since an error costs many times as much, and agents name many files elsewhere.
    if (statSync(path, { throwIfNoEntry: false }) === undefined) return undefined;
    return realpathSync.native(path);
  } catch (error) {
    // It is not there, or not for us: then it is no folder of the workspace by another name.
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return undefined;
  }
}
