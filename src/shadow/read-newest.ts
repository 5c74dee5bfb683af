/** The checkpoint that was taken last, by whichever process. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Failpoint, writeDurable } from './durable-file.ts';
import type { Store } from './open-store.ts';
import type { Taken } from './order.ts';
import { type ReadCommit, readCommit } from './write-commit.ts';
import { listRefs, readRef } from './write-ref.ts';

export type Newest = {
  readonly number: number;
  /** Left out where it is gone by now. */
  readonly taken?: Taken;
};

export function readNewest(store: Store): Newest | undefined {
  const laggard = readLaggard(store.gitDir);
  const newest = findNewest(store, laggard);
  const number = Math.max(newest?.number ?? 0, laggard?.number ?? 0);
  if (newest?.number !== number) return number === 0 ? undefined : { number };
  const { id, commit, tree, lists, degraded } = newest;
  const uncaptured = lists.uncaptured.length;
  return {
    number,
    taken: { id, commit, tree, changed: 0, uncaptured, ...(degraded ? { degraded } : {}) },
  };
}

/** Processes mint ids each by its own look at the clock: the newest need not be the very last. */
const nearTheEnd = 20;

/** Ids begin with the clock of whoever minted them: the last are the newest, unless a clock was set back. */
export function findNewest(
  store: Store,
  laggard = readLaggard(store.gitDir),
): ReadCommit | undefined {
  const ids = listRefs(store.gitDir, 'checkpoints').slice(-nearTheEnd);
  let newest: ReadCommit | undefined;
  for (const id of laggard === undefined ? ids : [...ids, laggard.id]) {
    const oid = readRef(store.gitDir, 'checkpoints', id);
    const commit = oid === undefined ? undefined : readCommit(store, oid);
    if (commit && (newest?.number ?? -1) < commit.number) newest = commit;
  }
  return newest;
}

type Laggard = { readonly id: string; readonly number: number };

const laggardOf = (gitDir: string) => join(gitDir, 'newest-by-number');

/**
 * One whose id comes before that of an older checkpoint, since a clock was set back. Told before it is there: else
 * the next process would give its number away once more.
 */
export function noteLaggard(gitDir: string, { id, number }: Laggard, failpoint: Failpoint): void {
  writeDurable(laggardOf(gitDir), Buffer.from(`${JSON.stringify({ id, number })}\n`), failpoint);
}

function readLaggard(gitDir: string): Laggard | undefined {
  try {
    const { id, number } = JSON.parse(readFileSync(laggardOf(gitDir), 'utf8')) as Partial<Laggard>;
    return typeof id === 'string' && typeof number === 'number' ? { id, number } : undefined;
  } catch (error) {
    // Mostly there is none; one that cannot be read says nothing.
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code !== undefined)
      return undefined;
    throw error;
  }
}
