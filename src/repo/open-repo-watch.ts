/** Watches where a repository's HEAD, branches and stash are, and wakes whoever reads them. */
import { existsSync, type FSWatcher, watch } from 'node:fs';
import { join } from 'node:path';
import { spoolPath } from '../hooking/layout.ts';
import type { RepoPlace } from './read-moves.ts';
import { withoutMissing } from './without-missing.ts';

/** A hook runs just after what it tells of is in the log: so much quiet, and it has written. */
const settleMs = 100;
/** But not for ever, where somebody is at work all the time. */
const delaysLimit = 10;

export type RepoWatch = {
  /** Looks at once, whether or not anything was seen to change. */
  check(): void;
  close(): void;
};

export function openRepoWatch({ gitDir, commonDir }: RepoPlace, look: () => void): RepoWatch {
  const watchers = new Map<string, FSWatcher>();
  let timer: NodeJS.Timeout | undefined;
  let delays = 0;

  function check(): void {
    clearTimeout(timer);
    timer = undefined;
    delays = 0;
    look();
    watchMore();
  }

  function wake(): void {
    if (timer !== undefined && delaysLimit <= delays) return;
    delays += 1;
    clearTimeout(timer);
    timer = setTimeout(check, settleMs);
    timer.unref();
  }

  /** Some of them come and go: the logs with the first commit, the spool with the hooks. */
  function watchMore(): void {
    for (const folder of listFolders(gitDir, commonDir)) {
      if (watchers.has(folder)) continue;
      const watcher = openWatcher(folder, wake);
      if (watcher === undefined) continue;
      watchers.set(folder, watcher);
      watcher.on('error', () => {
        watcher.close();
        watchers.delete(folder);
      });
    }
  }

  watchMore();
  check();
  return {
    check,
    close() {
      clearTimeout(timer);
      for (const watcher of watchers.values()) watcher.close();
      watchers.clear();
    },
  };
}

/** What tells of a move there; the index changes with every look of an editor. */
const told: ReadonlySet<string> = new Set([
  ...['HEAD', 'packed-refs', 'logs', 'refs', 'reftable', 'clew', 'rebase-merge', 'rebase-apply'],
  ...['MERGE_HEAD', 'CHERRY_PICK_HEAD', 'REVERT_HEAD', 'BISECT_LOG'],
]);

/** Undefined where nothing can be watched: then what moves is seen when somebody looks. */
function openWatcher(folder: string, wake: () => void): FSWatcher | undefined {
  try {
    const isRoot = existsSync(join(folder, 'HEAD'));
    const hear = (_: string, name: string | null) => {
      if (name === null || (isRoot ? told.has(name) : !name.endsWith('.lock'))) wake();
    };
    return withoutMissing(() => watch(folder, { persistent: false }, hear));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOSPC' || code === 'EMFILE' || code === 'ENFILE') return undefined;
    throw error;
  }
}

/** Not what lies deeper: to watch a tree costs one watch for each branch. */
function listFolders(gitDir: string, commonDir: string): string[] {
  return [
    gitDir,
    join(gitDir, 'logs'),
    join(gitDir, 'reftable'),
    commonDir,
    join(commonDir, 'logs', 'refs'),
    join(commonDir, 'logs', 'refs', 'heads'),
    join(commonDir, 'refs', 'heads'),
    join(commonDir, 'reftable'),
    spoolPath(commonDir),
  ];
}
