/** Watches where a repository's HEAD, branches and stash are, and tells each operation once. */
import { type FSWatcher, watch } from 'node:fs';
import { join } from 'node:path';
import type { RepoEvent } from '../drift/fold-moves.ts';
import { spoolPath } from '../hooking/layout.ts';
import { beginCursor, type RepoCursor, type RepoPlace, readMoves } from './read-moves.ts';
import { clearSpool } from './read-spool.ts';
import { withoutMissing } from './without-missing.ts';

/** A hook runs just after what it tells of is in the log: so much quiet, and it has written. */
const settleMs = 100;
/** But not for ever, where somebody is at work all the time. */
const delaysLimit = 10;

export type RepoWatch = {
  /** Reads at once, whether or not anything was seen to change. */
  check(): void;
  close(): void;
};

/** Told what happened, and the cursor to keep once that is durable. */
type OnEvent = (events: readonly RepoEvent[], cursor: RepoCursor) => void;

/** Begins where `cursor` ended, so that what happened in between is told first; without one, now. */
export function openRepoWatch(
  place: RepoPlace & { readonly cursor?: RepoCursor },
  onEvent: OnEvent,
): RepoWatch {
  const { gitDir, commonDir } = place;
  const watchers = new Map<string, FSWatcher>();
  let cursor = place.cursor ?? beginCursor(place);
  let torn: readonly string[] = [];
  let timer: NodeJS.Timeout | undefined;
  let delays = 0;

  function check(): void {
    clearTimeout(timer);
    timer = undefined;
    delays = 0;
    const reading = readMoves(place, cursor);
    const isHold = cursor.held !== reading.cursor.held;
    cursor = reading.cursor;
    if (isHold || 0 < reading.events.length) onEvent(reading.events, cursor);
    // What was torn at the last look too will never have its end.
    const { names, torn: now } = reading.spool;
    clearSpool(commonDir, [...names, ...now.filter((it) => torn.includes(it))]);
    torn = now;
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
    for (const [folder, recursive] of foldersOf(gitDir, commonDir)) {
      if (watchers.has(folder)) continue;
      const watcher = withoutMissing(() => watch(folder, { recursive, persistent: false }, wake));
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

function foldersOf(gitDir: string, commonDir: string): [folder: string, recursive: boolean][] {
  return [
    [gitDir, false],
    [join(gitDir, 'logs'), false],
    [commonDir, false],
    [join(commonDir, 'logs', 'refs'), true],
    [join(commonDir, 'refs', 'heads'), true],
    [spoolPath(commonDir), false],
  ];
}
