/** Reads a repository's state and everything that its logs and hooks tell since last time. */
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import {
  type BranchReading,
  foldMoves,
  type InProgress,
  type Place,
  type RepoEvent,
} from '../drift/fold-moves.ts';
import type { ReflogLine } from '../drift/reflog-line.ts';
import { readHead } from './head.ts';
import { readBranches } from './read-branches.ts';
import { readOperation } from './read-operation.ts';
import { type LogCursor, readReflog } from './read-reflog.ts';
import { readSpool, type SpoolReading } from './read-spool.ts';

/** How far a repository was read: plain JSON, to be kept until the next run. */
export type RepoCursor = {
  readonly place: Place;
  readonly log: LogCursor;
  readonly branches: readonly (readonly [name: string, head: string, log: LogCursor])[];
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

export function readMoves(place: RepoPlace, cursor: RepoCursor): MovesReading {
  const { gitDir, commonDir, run } = place;
  const worktree = gitDir === commonDir ? undefined : basename(gitDir);
  const held = readOperation(gitDir);
  const unread: SpoolReading = { lines: [], names: [], torn: [] };
  if (held !== undefined) return { events: [], cursor: { ...cursor, held }, spool: unread };
  // A worktree that was removed moved nothing.
  if (!existsSync(join(gitDir, 'HEAD'))) return { events: [], cursor, spool: unread };
  // Hooks run after what they tell of: read first, they tell of nothing that the logs do not have.
  const spool = readSpool(commonDir, worktree);
  const known = new Map(cursor.branches.map(([name, ...it]) => [name, it] as const));
  const log = readReflog(join(gitDir, 'logs', 'HEAD'), cursor.log);
  const here = readHead(gitDir, commonDir);
  const branches = readBranchLogs(commonDir, known);
  const stash = readReflog(join(commonDir, 'logs', 'refs', 'stash')).lines;
  const events = foldMoves(
    {
      place: cursor.place,
      branches: new Map([...known].map(([name, [head]]) => [name, head])),
      stash: cursor.stash,
      ...(cursor.held === undefined ? {} : { held: cursor.held }),
    },
    { place: here, lines: log.lines, branches: branches.readings, stash, spool: spool.lines, run },
  );
  const fresh: RepoCursor = {
    place: here,
    log: log.cursor,
    branches: branches.cursors,
    stash: namesOf(stash),
  };
  return { events, cursor: fresh, spool };
}

/** Where a repository is now, with nothing to tell: what was before is not ours. */
export function beginCursor({ gitDir, commonDir }: RepoPlace): RepoCursor {
  const { cursors } = readBranchLogs(commonDir, new Map());
  const held = readOperation(gitDir);
  return {
    place: readHead(gitDir, commonDir),
    log: readReflog(join(gitDir, 'logs', 'HEAD')).cursor,
    branches: cursors,
    stash: readStash(commonDir),
    ...(held === undefined ? {} : { held }),
  };
}

/** The commits in the stash. */
export function readStash(commonDir: string): string[] {
  return namesOf(readReflog(join(commonDir, 'logs', 'refs', 'stash')).lines);
}

const namesOf = (stash: readonly ReflogLine[]) =>
  stash.flatMap(({ to }) => (to === undefined ? [] : [to]));

type KnownBranches = ReadonlyMap<string, readonly [head: string, log: LogCursor]>;

function readBranchLogs(commonDir: string, known: KnownBranches) {
  const readings = new Map<string, BranchReading>();
  const cursors: [string, string, LogCursor][] = [];
  for (const [name, head] of readBranches(commonDir)) {
    const path = join(commonDir, 'logs', 'refs', 'heads', name);
    const { lines, cursor } = readReflog(path, known.get(name)?.[1]);
    readings.set(name, { head, lines });
    cursors.push([name, head, cursor]);
  }
  for (const name of known.keys())
    if (!readings.has(name)) readings.set(name, { head: undefined, lines: [] });
  return { readings, cursors };
}
