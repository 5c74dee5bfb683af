/** Holds each session's ground against its repository: before every prompt, and when something moves in between. */
import type { Event, FoundDrift, Ground } from '../contract/types.gen.ts';
import type { RepoEvent } from '../drift/fold-moves.ts';
import { parseGround, renewFiles, type SessionGround } from '../drift/ground.ts';
import { hasMoved, type Looked } from '../drift/judge-drift.ts';
import { type Met, meetGround } from '../drift/meet-ground.ts';
import { openTouchedFiles, type TouchedFiles } from '../drift/touched-files.ts';
import { Failure } from '../errors.ts';
import type { Note } from '../journal/entry.ts';
import type { Moves } from '../repo/open-moves.ts';
import type { SharedFile } from '../store/shared-file.ts';

/** What there is to know of a workspace's repository. */
export type DriftPlace = {
  readonly moves: Moves;
  fileOf(session: string): SharedFile;
  blobOf(path: string): string | null | undefined;
  /** A path of the workspace; undefined for one outside of it. */
  inside(path: string): string | undefined;
  look(before: Ground, after: Ground): Omit<Looked, 'files'>;
};

export type DriftPorts = {
  /** What hooks behind our agent know us by. */
  readonly run: string;
  rootOf(session: string): string | undefined;
  /** Undefined for a workspace without a repository. */
  placeOf(root: string): DriftPlace | undefined;
  mint(): string;
  write(note: Note): void;
  acknowledge(): Promise<void>;
  /** For the person. */
  notify(agentSession: string, found: FoundDrift): void;
  /** The agent is to know, too. */
  readonly tellsAgent: boolean;
  /** It was told so with its prompt. */
  toldAgent(agentSession: string, text: string): void;
  complain(doing: string, error: unknown): void;
};

export type Drift = {
  /** Everything that is written down, after it was. */
  watch(note: Note): void;
  /** Something moved in a repository. */
  moved(root: string): void;
  /**
   * Fulfilled when what there is to say before the turn that was last begun is written down. `place` finds where
   * the agent can be told; what it gives is what becomes of the prompt.
   */
  beforePrompt<Place>(place: (text: string) => Place | undefined): Promise<Place | undefined>;
};

type Session = {
  readonly id: string;
  readonly root: string;
  readonly place: DriftPlace;
  readonly file: SharedFile;
  readonly touched: TouchedFiles;
  kept: SessionGround;
  stamp: string | undefined;
  turn: string | undefined;
  hasWorked: boolean;
};

export function openDrift(ports: DriftPorts): Drift {
  const sessions = new Map<string, Session>();
  let prompted: Session | undefined;
  /** Everything that was said here is on the disk. */
  let isSafe = true;

  function open(id: string, { agentSession }: Event & { type: 'session-opened' }): void {
    const root = ports.rootOf(id);
    const place = root === undefined ? undefined : ports.placeOf(root);
    if (root === undefined || place === undefined) return;
    const file = place.fileOf(id);
    const known = parseGround(file.read());
    const { run } = ports;
    const { ground, count } = readNow(root, place);
    const kept = known ?? { v: 1, session: id, agentSession, run, ground, count, files: [] };
    const session: Session = {
      ...{ id, root, place, file, kept, touched: openTouchedFiles(place) },
      ...{ stamp: undefined, turn: undefined, hasWorked: false },
    };
    sessions.set(id, session);
    if (known !== undefined) judge(session);
    // From now on the agent is ours, whoever's it was.
    change(session, (now) => ({ ...now, agentSession, run }));
  }

  function say(session: Session, event: Event): void {
    ports.write({ session: session.id, event });
    isSafe = false;
  }

  /** Under a lock: a command may decide something at the same moment. */
  function change(session: Session, work: (kept: SessionGround) => SessionGround): void {
    session.file.change((text) => {
      session.kept = work(parseGround(text) ?? session.kept);
      const next = JSON.stringify(session.kept);
      return next === text ? undefined : next;
    });
    session.stamp = session.file.stamp();
  }

  /** Whether anything is not as it was, here or in what is kept; costs next to nothing. */
  function hasNews({ root, place, file, kept, stamp }: Session): boolean {
    if (file.stamp() !== stamp) return true;
    const { ground, count } = readNow(root, place);
    return count !== kept.count || hasMoved({ before: kept.ground, after: ground });
  }

  function judge(session: Session, isAtWork = false): Met | undefined {
    session.place.moves.lookIfMoved();
    if (!hasNews(session)) return undefined;
    let met: Met | undefined;
    change(session, (kept) => {
      met = meetGround(kept, { ...readSight(session, kept), isAtWork });
      return met.kept;
    });
    for (const event of met?.events ?? []) say(session, event);
    if (met?.found !== undefined) ports.notify(session.kept.agentSession, met.found);
    return met;
  }

  function readSight(session: Session, kept: SessionGround) {
    const { root, place, turn } = session;
    const now = readNow(root, place);
    const runs = new Set([kept.run, ports.run]);
    const isAlone = isAloneIn(session);
    return {
      ...now,
      recent: place.moves.told().recent,
      isOwn: ({ actor }: RepoEvent) => isAlone && actor.run !== undefined && runs.has(actor.run),
      look: (before: Ground) => place.look(before, now.ground),
      blobOf: place.blobOf,
      drift: ports.mint(),
      turn,
    };
  }

  /** Several sessions of one agent in one workspace cannot be told apart by what hooks see. */
  function isAloneIn({ id, root }: Session): boolean {
    return ![...sessions.values()].some((it) => it.root === root && it.id !== id && it.hasWorked);
  }

  /** What the turn has read and written is known from now on, as it is; unless somebody else was there. */
  function end(session: Session): void {
    const { place, touched } = session;
    session.turn = undefined;
    place.moves.lookIfMoved();
    // What is going on still is judged at its end, by what was known before it.
    const isHeld = readNow(session.root, place).ground.operation !== undefined;
    const isMoved = hasNews(session);
    change(session, (kept) => {
      const files = touched.take(kept.files);
      return { ...kept, files: isMoved || isHeld ? files : renewFiles(files, place.blobOf) };
    });
    if (!isMoved || isHeld) return;
    judge(session, true);
    change(session, (kept) => ({ ...kept, files: renewFiles(kept.files, place.blobOf) }));
  }

  function follow(id: string, event: Event): void {
    if (event.type === 'session-opened' && !sessions.has(id)) open(id, event);
    const session = sessions.get(id);
    if (session === undefined) return;
    session.touched.read(event);
    if (event.type === 'turn-started') {
      session.turn = event.turn;
      session.hasWorked = true;
      if (event.origin === 'prompt') prompted = session;
    } else if (event.type === 'turn-ended' && event.turn === session.turn) end(session);
  }

  /** That the disk refuses was said when it began to; the prompt waits for it no longer. */
  function complainOfDisk(error: unknown): void {
    if (!(error instanceof Failure)) ports.complain('writing down what was found', error);
  }

  /** What goes wrong here keeps nobody from working. */
  function attempt<T>(work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      ports.complain('looking for drift', error);
      return undefined;
    }
  }

  function tellAgent<Place>(session: Session, find: (text: string) => Place | undefined) {
    const { owed, open, agentSession } = session.kept;
    const place = ports.tellsAgent && owed !== undefined ? find(owed) : undefined;
    if (owed === undefined || place === undefined) return undefined;
    change(session, ({ owed: _owed, ...kept }) => kept);
    const drift = open === undefined ? {} : { drift: open.drift };
    const turn = session.turn === undefined ? {} : { turn: session.turn };
    say(session, { type: 'context-added', ...turn, ...drift, text: owed });
    ports.toldAgent(agentSession, owed);
    return place;
  }

  return {
    watch({ session, event }) {
      if (session !== undefined) attempt(() => follow(session, event));
    },
    moved(root) {
      // In a turn it is for the end of that: what is seen in its middle may be half of something.
      for (const session of sessions.values())
        if (session.root === root && session.turn === undefined) attempt(() => judge(session));
    },
    async beforePrompt(place) {
      const session = prompted;
      prompted = undefined;
      if (session === undefined) return undefined;
      attempt(() => judge(session));
      const told = attempt(() => tellAgent(session, place));
      if (!isSafe) await ports.acknowledge().catch(complainOfDisk);
      isSafe = true;
      return told;
    },
  };
}

function readNow(root: string, { moves }: DriftPlace): { ground: Ground; count: number } {
  const { held, ...place } = moves.state();
  const operation = held === undefined ? {} : { operation: held };
  return { ground: { worktree: root, ...place, ...operation }, count: moves.told().count };
}
