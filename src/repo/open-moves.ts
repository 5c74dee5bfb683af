/** What moved in a repository, told once whoever looks: each process reads on from where the last one ended. */
import { readdirSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import type { Event } from '../contract/types.gen.ts';
import type { InProgress, Place, RepoEvent } from '../drift/fold-moves.ts';
import { spoolPath } from '../hooking/layout.ts';
import { readJson } from '../journal/json.ts';
import { readHead } from './head.ts';
import { openBranches } from './open-branches.ts';
import {
  beginCursor,
  type RepoCursor,
  type RepoPlace,
  readMoves,
  readStash,
} from './read-moves.ts';
import { readOperation } from './read-operation.ts';
import { isLogStill } from './read-ref-log.ts';
import { clearSpool } from './read-spool.ts';
import { canReadRefs } from './read-table-stack.ts';
import { withoutMissing } from './without-missing.ts';

export type MovesPorts = {
  /** Where all who look keep how far they came. */
  readonly file: {
    stamp(): string | undefined;
    read(): string | undefined;
    change(work: (text: string | undefined) => string | undefined): boolean;
  };
  /** Takes out what nobody should find written: a commit's message may say anything. */
  redact(event: RepoEvent): RepoEvent;
  /** Writes events down under our name; fulfilled when they are safe. */
  tell(events: readonly RepoEvent[]): Promise<void>;
  /** The name under which we write. */
  readonly writer: string;
  isRunning(writer: string): boolean;
  /** What that writer wrote down last, of whatever kind. */
  lastOf(writer: string): readonly Event[];
};

export type Told = {
  readonly count: number;
  readonly recent: readonly RepoEvent[];
  /** How many there had been when a hook of that name was heard last. */
  readonly heard: Readonly<Record<string, number>>;
};

/** Where HEAD was when last looked, and what is going on. */
export type RepoState = Place & { readonly held?: InProgress };

export type Moves = {
  /** Somebody has looked before. */
  isBegun(): boolean;
  /** Reads everything that is new; it was told when this returns. */
  look(): void;
  /** The same if HEAD, its log, the stash or the spool are not as they were; else it costs next to nothing. */
  lookIfMoved(): void;
  /** How many events there ever were, and the last of them, whoever told them. */
  told(): Told;
  state(): RepoState;
  /** Fulfilled when all that was told here is safe. */
  settle(): Promise<void>;
};

/** Told by somebody, and not known to be safe in a journal yet. */
type Pending = {
  readonly by: string;
  readonly id: number;
  readonly events: readonly RepoEvent[];
};

type Shared = {
  readonly v: 1;
  readonly cursor: RepoCursor;
  /** Events so far. */
  readonly count: number;
  readonly recent: readonly RepoEvent[];
  readonly pending: readonly Pending[];
  /** How many events there had been when a hook of that name was heard last. */
  readonly heard: Readonly<Record<string, number>>;
};

const recentLimit = 100;

export function openMoves(place: RepoPlace, ports: MovesPorts): Moves {
  const { commonDir } = place;
  const { file, writer } = ports;
  const branches = openBranches(commonDir);
  let stamp: string | undefined;
  let shared: Shared | undefined;
  let torn: readonly string[] = [];
  let settling: Promise<void> = Promise.resolve();

  /** With what others left there since we looked. */
  function refresh(): Shared | undefined {
    const now = file.stamp();
    if (now !== stamp) shared = parse(file.read());
    stamp = now;
    return shared;
  }

  /** Where a repository is when it is looked at for the first time: what was before is not ours to tell. */
  function begin(): Shared {
    torn = [];
    return { v: 1, cursor: beginCursor(place), count: 0, recent: [], pending: [], heard: {} };
  }

  function look(): void {
    // Nothing is told of what nobody can read.
    if (!canReadRefs(place.gitDir, commonDir)) return;
    let fresh: Pending | undefined;
    let done: readonly string[] = [];
    file.change((text) => {
      const before = parse(text) ?? begin();
      const { events: read, cursor, spool } = readMoves(place, before.cursor, branches);
      const events = read.map(ports.redact);
      // What was torn at the last look too will never have its end.
      done = [...spool.names, ...spool.torn.filter((it) => torn.includes(it))];
      torn = spool.torn;
      const owed = before.pending.filter((it) => it.by !== writer && !ports.isRunning(it.by));
      const all = [...owed.flatMap((it) => listUnsaid(it, ports.lastOf(it.by))), ...events];
      const count = before.count + events.length;
      const id = count + before.pending.length;
      fresh = 0 < all.length ? { by: writer, id, events: all } : undefined;
      const recent = [...before.recent, ...events].slice(-recentLimit);
      const others = before.pending.filter((it) => !owed.includes(it));
      const pending = fresh === undefined ? others : [...others, fresh];
      const heard = { ...before.heard };
      for (const { hook } of spool.lines) heard[hook] = count;
      shared = { v: 1, cursor, count, recent, pending, heard };
      const next = JSON.stringify(shared);
      return next === text ? undefined : next;
    });
    stamp = file.stamp();
    if (fresh !== undefined) tell(fresh);
    clearSpool(commonDir, done);
  }

  function tell({ id, events }: Pending): void {
    const safe = ports.tell(events).then(() => forget(id));
    settling = Promise.all([settling, safe]).then(() => undefined);
    // What the disk refuses is said where it refuses; whoever looks after us tells it again.
    settling.catch(() => undefined);
  }

  function forget(id: number): void {
    file.change((text) => {
      const now = parse(text);
      if (now === undefined) return undefined;
      const pending = now.pending.filter((it) => it.by !== writer || it.id !== id);
      return JSON.stringify({ ...now, pending });
    });
  }

  return {
    isBegun: () => refresh() !== undefined,
    look,
    lookIfMoved() {
      const known = refresh();
      if (known === undefined || !isStill(place, known.cursor)) look();
    },
    told() {
      const { count = 0, recent = [], heard = {} } = refresh() ?? {};
      return { count, recent, heard };
    },
    state() {
      const { cursor = beginCursor(place) } = refresh() ?? {};
      const { held } = cursor;
      return { ...cursor.place, ...(held === undefined ? {} : { held }) };
    },
    settle: () => settling,
  };
}

/** Whoever died in the middle has written the first of them, or none: then those are the last it wrote. */
function listUnsaid({ events }: Pending, all: readonly Event[]): readonly RepoEvent[] {
  const kinds = new Set<string>(['head-moved', 'branch-moved', 'stash-changed']);
  const last = all.filter((it) => kinds.has(it.type));
  for (let count = Math.min(events.length, last.length); 0 < count; count -= 1)
    if (isDeepStrictEqual(last.slice(-count), events.slice(0, count))) return events.slice(count);
  return events;
}

/** Whether there is nothing to read, as far as HEAD goes: other branches are not looked at. */
function isStill({ gitDir, commonDir }: RepoPlace, cursor: RepoCursor): boolean {
  const held = readOperation(gitDir);
  // Nothing is read on before its end.
  if (held !== undefined) return held === cursor.held;
  return (
    cursor.held === undefined &&
    isLogStill(gitDir, 'HEAD', cursor.log) &&
    isDeepStrictEqual(readHead(gitDir, commonDir), cursor.place) &&
    isDeepStrictEqual(readStash(commonDir), cursor.stash) &&
    (withoutMissing(() => readdirSync(spoolPath(commonDir))) ?? []).length === 0
  );
}

/** Undefined also for what a later clew, or nobody, has written. */
function parse(text: string | undefined): Shared | undefined {
  const value = readJson(text ?? 'null') as Shared | null | undefined;
  return value?.v === 1 ? value : undefined;
}
