/** Whether a path out of a store may be written into a workspace at all, whoever made the tree it comes from. */
import { isAscii, type RawPath } from './raw-path.ts';

/** Why not, or nothing. */
export function judgePath(path: RawPath): string | undefined {
  if (path === '') return 'an empty path';
  if (path.length > 4096) return 'longer than 4096 bytes';
  if (path.includes('\0')) return 'a NUL in it';
  if (path.startsWith('/')) return 'absolute';
  for (const name of path.split('/')) {
    const why = judgeName(name);
    if (why !== undefined) return why;
  }
  return undefined;
}

function judgeName(name: string): string | undefined {
  if (name === '') return 'an empty name in it';
  if (name === '.' || name === '..') return `a ${name} in it`;
  if (name.length > 255) return 'a name longer than 255 bytes';
  return isGitFolder(name) ? 'it would be inside a .git' : undefined;
}

/**
 * Every spelling that some file system takes for `.git`: case, the short names of NTFS, what HFS+
 * does not see, dots and spaces at the end, streams, and what follows a backslash.
 */
function isGitFolder(name: string): boolean {
  return name.split('\\').some((part) => {
    const seen = stripIgnorable(part).toLowerCase();
    const bare = seen.replace(/:.*$/s, '').replace(/[. ]+$/, '');
    return bare === '.git' || /^git~\d+$/.test(bare);
  });
}

/** U+200C..U+200F, U+202A..U+202E, U+206A..U+206F and U+FEFF, as the bytes they are in a raw name. */
function stripIgnorable(name: string): string {
  if (isAscii(name)) return name;
  return name.replace(/\xe2\x80[\x8c-\x8f\xaa-\xae]|\xe2\x81[\xaa-\xaf]|\xef\xbb\xbf/g, '');
}

/** Where a link points, seen from the root: whether it leaves the tree. */
export function leavesTree(path: RawPath, target: string): boolean {
  if (target.startsWith('/')) return true;
  let depth = path.split('/').length - 1;
  for (const name of target.split('/')) {
    if (name === '..') depth -= 1;
    else if (name !== '' && name !== '.') depth += 1;
    if (depth < 0) return true;
  }
  return false;
}
