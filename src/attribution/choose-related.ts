/** Of many changes, those that can have a say in whose the lines of one file are. */
import type { FileChange } from './fold-window.ts';

export type Related = {
  readonly id: string;
  readonly changes: readonly FileChange[];
};

export type Asked = {
  readonly path: string;
  /** What it has in it now, where that is known. */
  readonly blob?: string;
};

/**
 * Its own, those of whatever it was renamed from or to, and those of files that had the very same
 * bytes once. `pair` finds the names that files had before; it is asked only where one of these came
 * or went.
 */
export async function chooseRelated(
  windows: readonly Related[],
  { path, blob }: Asked,
  pair: (window: Related) => Promise<readonly FileChange[]>,
): Promise<readonly Related[]> {
  const known = openKnown(path, blob);
  const paired = new Map<string, readonly FileChange[]>();
  const listRelated = ({ id, changes }: Related) =>
    (paired.get(id) ?? changes).filter(known.isRelated);
  async function pairOnce(window: Related): Promise<void> {
    if (paired.has(window.id) || listRelated(window).every((it) => it.before && it.after)) return;
    paired.set(window.id, await pair(window));
  }
  for (let size = 0; size < known.size(); ) {
    size = known.size();
    for (const window of windows) {
      await pairOnce(window);
      for (const change of listRelated(window)) known.add(change);
    }
  }
  return windows.flatMap((window) => {
    const changes = listRelated(window);
    return changes.length === 0 ? [] : [{ id: window.id, changes }];
  });
}

/** Names and contents that lead to others. */
function openKnown(path: string, blob: string | undefined) {
  const names = new Set([path]);
  const blobs = new Set(blob === undefined ? [] : [blob]);
  return {
    size: () => names.size + blobs.size,
    isRelated: (it: FileChange) =>
      names.has(it.path) ||
      (it.from !== undefined && names.has(it.from)) ||
      (it.before !== undefined && blobs.has(it.before.oid)) ||
      (it.after !== undefined && blobs.has(it.after.oid)),
    add({ path: name, from, before, after }: FileChange) {
      names.add(name).add(from ?? name);
      if (before !== undefined) blobs.add(before.oid);
      if (after !== undefined) blobs.add(after.oid);
    },
  };
}
