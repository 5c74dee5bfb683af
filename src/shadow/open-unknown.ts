/** Where a checkpoint's silence about a path says nothing of what was there. */
import { folderOf, type RawPath } from '../snapshot/raw-path.ts';
import type { ReadCommit } from './write-commit.ts';

/** Not read in time, not readable, in a folder that was not, or perhaps never reached by the sweep. */
export function openUnknown(
  commit: Pick<ReadCommit, 'lists' | 'degraded'>,
): (path: RawPath, isThere: boolean) => boolean {
  const uncaptured = new Set(commit.lists.uncaptured);
  const isCut = commit.degraded === 'still sweeping';
  return (path, isThere) => {
    // The workspace itself could not be listed: what is new in it was not seen, and what went not missed.
    if (uncaptured.has('') || (isCut && !isThere)) return true;
    for (let at = path; at !== ''; at = folderOf(at)) if (uncaptured.has(at)) return true;
    return false;
  };
}
