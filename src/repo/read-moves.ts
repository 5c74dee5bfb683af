/** Reads a repository's state and everything that its logs and hooks tell since last time. */
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { foldMoves, type InProgress, type Place, type RepoEvent } from '../drift/fold-moves.ts';
import type { ReflogLine } from '../drift/reflog-line.ts';
import { readHead } from './head.ts';
import { type BranchCursor, type Branches, openBranches } from './open-branches.ts';
import { readOperation } from './read-operation.ts';
import { readRefLog } from './read-ref-log.ts';
import type { LogCursor } from './read-reflog.ts';
import { readSpool, type SpoolReading } from './read-spool.ts';

/** How far a repository was read: plain JSON, to be kept until the next run. */
export type RepoCursor = {
  readonly place: Place;
  readonly log: LogCursor;
  readonly branches: readonly BranchCursor[];
  readonly stash: readonly string[];
  readonly held?: InProgress;
};

export type RepoPlace = {
  readonly gitDir: string;
  readonly commonDir: string;
  /** The writer that asks: what its own agent did is told as such. */
  readonly run?: string;
};

export type MovesReading = {
  readonly events: readonly RepoEvent[];
  readonly cursor: RepoCursor;
  readonly spool: SpoolReading;
};

/** `branches`: kept from look to look, so that what did not change is not read again. */
export function readMoves(
  place: RepoPlace,
  cursor: RepoCursor,
  branches: Branches = openBranches(place.commonDir),
): MovesReading {
  const { gitDir, commonDir, run } = place;
  const worktree = gitDir === commonDir ? undefined : basename(gitDir);
  const held = readOperation(gitDir);
  const unread: SpoolReading = { lines: [], names: [], torn: [] };
  if (held !== undefined) return { events: [], cursor: { ...cursor, held }, spool: unread };
  // A worktree that was removed moved nothing.
  if (!existsSync(join(gitDir, 'HEAD'))) return { events: [], cursor, spool: unread };
  // Hooks run after what they tell of: read first, they tell of nothing that the logs do not have.
  const spool = readSpool(commonDir, worktree);
  const log = readRefLog(gitDir, 'HEAD', cursor.log);
  const here = readHead(gitDir, commonDir);
  const { readings, cursors } = branches.readOn(cursor.branches);
  const stash = readRefLog(commonDir, 'refs/stash').lines;
  const events = foldMoves(
    {
      place: cursor.place,
      branches: new Map(cursor.branches.map(([name, head]) => [name, head])),
      stash: cursor.stash,
      ...(cursor.held === undefined ? {} : { held: cursor.held }),
    },
    { place: here, lines: log.lines, branches: readings, stash, spool: spool.lines, run },
  );
  const fresh: RepoCursor = {
    place: here,
    log: log.cursor,
    branches: cursors,
    stash: namesOf(stash),
  };
  return { events, cursor: fresh, spool };
}

/** Where a repository is now, with nothing to tell: what was before is not ours. */
export function beginCursor({ gitDir, commonDir }: RepoPlace): RepoCursor {
  const { cursors } = openBranches(commonDir).readOn([]);
  const held = readOperation(gitDir);
  return {
    place: readHead(gitDir, commonDir),
    log: readRefLog(gitDir, 'HEAD').cursor,
    branches: cursors,
    stash: readStash(commonDir),
    ...(held === undefined ? {} : { held }),
  };
}

/** The commits in the stash. */
export function readStash(commonDir: string): string[] {
  return namesOf(readRefLog(commonDir, 'refs/stash').lines);
}

const namesOf = (stash: readonly ReflogLine[]) =>
  stash.flatMap(({ to }) => (to === undefined ? [] : [to]));
