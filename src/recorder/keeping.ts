/** Takes checkpoints beside the traffic: before each turn, after what can have written, and at the turn's end. */
import type { Event, FilesClaimed, StepStarted } from '../contract/types.gen.ts';
import type { Note } from '../journal/entry.ts';
import { findInside, findTarget } from '../workspace/find-inside.ts';
import { type EndedStep, openActLog } from './act-log.ts';
import type { HeardClock } from './open-since.ts';
import { openWishes, type Wanted, type Wishing, type WishPorts } from './open-wishes.ts';
import type { Retention } from './retention.ts';
import { waitAtMost } from './wait-at-most.ts';

export type KeepingPorts = WishPorts & {
  /** The workspace of a session; undefined where its files are too many to keep. */
  rootOf(session: string): string | undefined;
  readonly clock: HeardClock;
  /** A text that a claim names, while it is at hand. */
  textOf(blob: string): string | undefined;
  /** The agent got its prompt when it was started, and is at work when we hear of it: nobody waits. */
  readonly isAtWork?: boolean;
  readonly retention: Pick<Retention, 'rest' | 'wake'>;
};

export type Keeping = {
  /** Everything that is written down, after it was. */
  watch(note: Note): void;
  /** Fulfilled when the turn that was last begun may go on to the agent. */
  beforePrompt(): Promise<void>;
  /** The same for a write that the agent asks the editor for, and for a question about one. */
  beforeWrite(agentSession: string, path: string): Promise<void>;
  beforePermission(): Promise<void>;
  /**
   * The same for what a person has just allowed: what was typed meanwhile has no other copy, and nobody minds a
   * moment. Without paths everything is looked at, since what is allowed may do anything.
   */
  beforeAnswer(agentSession: string, paths: readonly string[] | undefined): Promise<void>;
  /** Fulfilled when what is being taken now is taken, however long that is. */
  settled(): Promise<void>;
  /** Waits for what is being taken. */
  close(): Promise<void>;
};

type Session = Wishing & {
  turn: string | undefined;
  /** The checkpoint before the turn. */
  before: string | undefined;
  /** The turn was begun by the agent, and nothing that can write came of it yet. */
  isWaiting: boolean;
  /** Files that somebody said it would write, and that nobody looked at since. */
  readonly announced: Set<string>;
  /** A whole look after a step is under way; another one then comes after it, for the last step that ended. */
  isLooking: boolean;
  next: EndedStep | undefined;
  /** Looks at named files only, since the last one at everything. */
  narrow: number;
  late: NodeJS.Timeout | undefined;
};

/** Longer nobody waits for a prompt; what is missing then is looked at in the background. */
const promptMs = 2_000;
/** A write is held for one file only. */
const writeMs = 700;
const openingMs = 1_500;
/** The agent is given so long to go on with what came after its turn. */
const lateMs = 1_500;
const narrowLimit = 32;
const farewellMs = 2_500;

export function openKeeping(ports: KeepingPorts): Keeping {
  const sessions = new Map<string, Session>();
  const byAgent = new Map<string, string>();
  const wishes = openWishes(ports);
  let prompted: Session | undefined;

  function sessionOf(id: string): Session | undefined {
    const known = sessions.get(id);
    if (known !== undefined) return known;
    const root = ports.rootOf(id);
    if (root === undefined) return undefined;
    const session: Session = {
      id,
      root,
      acts: openActLog(id, {
        inside: (path, isItself) => (isItself ? findInside : findTarget)(root, path),
        textOf: ports.textOf,
        clock: ports.clock,
      }),
      turn: undefined,
      before: undefined,
      last: undefined,
      isWaiting: false,
      announced: new Set(),
      isLooking: false,
      next: undefined,
      narrow: 0,
      late: undefined,
    };
    sessions.set(id, session);
    return session;
  }

  function ofAgent(agentSession: string): Session | undefined {
    const id = byAgent.get(agentSession);
    return id === undefined ? undefined : sessionOf(id);
  }

  /** What a step left behind: of the files that it named at once, of everything when it may be anywhere. */
  function lookAfter(session: Session, ended: EndedStep): void {
    const { turn, step, paths, reach } = ended;
    if (ended.isLate) return lookLate(session);
    // What went unnamed is only settled by a look at everything: among narrow ones there is one now and then.
    if (reach !== 'anything' && session.narrow < narrowLimit) {
      session.narrow += 1;
      void wishes.take(session, { reason: 'step', turn, step, paths, unlessSame: true });
      return;
    }
    session.narrow = 0;
    if (session.isLooking) {
      session.next = ended;
      return;
    }
    session.isLooking = true;
    void wishes.take(session, { reason: 'step', turn, step, unlessSame: true }).then(() => {
      const { next } = session;
      session.isLooking = false;
      session.next = undefined;
      if (next !== undefined) lookAfter(session, next);
    });
  }

  function lookLate(session: Session): void {
    clearTimeout(session.late);
    session.late = setTimeout(() => void takeLate(session), lateMs);
    session.late.unref();
  }

  function takeLate(session: Session): Promise<unknown> {
    session.late = undefined;
    return wishes.take(session, { reason: 'late', turn: session.turn, unlessSame: true });
  }

  /** What comes next has a checkpoint of its own. */
  function forgetLate(session: Session): void {
    clearTimeout(session.late);
    session.late = undefined;
  }

  function begin(session: Session, event: Event & { type: 'turn-started' }): void {
    forgetLate(session);
    ports.retention.wake(session.root);
    session.turn = event.turn;
    session.before = undefined;
    session.isWaiting = event.origin !== 'prompt' || ports.isAtWork === true;
    if (event.origin === 'prompt') prompted = session;
  }

  /**
   * Nobody waits for a turn that the agent begins by itself, so what it writes first may be seen by
   * the look before it already: that one is taken when there is a step to account for it.
   */
  function meetStep(session: Session, { kind }: StepStarted): void {
    if (!session.isWaiting || (kind !== 'tool' && kind !== 'terminal')) return;
    session.isWaiting = false;
    void takeBefore(session, session.turn);
  }

  function end(session: Session, turn: string): void {
    session.announced.clear();
    const after = session.turn === turn ? session.before : undefined;
    void wishes.take(session, { reason: 'turn', turn, after });
    ports.retention.rest(session.root);
  }

  function follow(session: Session, event: Event): void {
    // A session that was only seen is at work already: what it does has to account for what is found.
    if (event.type === 'session-opened' && event.how !== 'seen' && !ports.isAtWork)
      void wishes.take(session, { reason: 'opened', withinMs: openingMs, unlessSame: true });
    else if (event.type === 'turn-started') begin(session, event);
    else if (event.type === 'step-started') meetStep(session, event);
    else if (event.type === 'files-claimed')
      for (const path of listWritten(session, event)) session.announced.add(path);
    else if (event.type === 'turn-ended') end(session, event.turn);
    else if ('late' in event && event.late === true) lookLate(session);
  }

  async function takeBefore(session: Session, turn: string | undefined): Promise<void> {
    const taken = await wishes.take(session, { reason: 'prompt', turn, withinMs: promptMs });
    if (session.turn === turn) session.before = taken?.id;
  }

  return {
    watch({ session: id, event }) {
      const session = id === undefined ? undefined : sessionOf(id);
      if (session === undefined) return;
      if (event.type === 'session-opened') byAgent.set(event.agentSession, session.id);
      const ended = session.acts.read(event);
      if (ended !== undefined) lookAfter(session, ended);
      follow(session, event);
    },
    async beforePrompt() {
      const session = prompted;
      prompted = undefined;
      if (session === undefined) return;
      const wish: Wanted = { reason: 'prompt', turn: session.turn };
      await wishes.waitFor(session, wish, promptMs + 200, takeBefore(session, session.turn));
    },
    async beforeWrite(agentSession, path) {
      const session = ofAgent(agentSession);
      const inside = session && findTarget(session.root, path);
      if (session === undefined || inside === undefined) return;
      await lookBefore(session, [inside]);
    },
    async beforePermission() {
      const waiting = [...sessions.values()].filter(({ announced }) => 0 < announced.size);
      await Promise.all(
        waiting.map((session) => {
          const paths = [...session.announced];
          session.announced.clear();
          return lookBefore(session, paths);
        }),
      );
    },
    async beforeAnswer(agentSession, paths) {
      const session = ofAgent(agentSession);
      if (session === undefined) return;
      if (paths === undefined) return lookBefore(session, undefined, promptMs);
      const inside = paths.map((path) => findTarget(session.root, path));
      const known = inside.filter((it) => it !== undefined);
      if (known.length > 0) await lookBefore(session, known, promptMs);
    },
    settled: wishes.settled,
    async close() {
      for (const session of sessions.values()) {
        const { late } = session;
        clearTimeout(late);
        if (late !== undefined) void takeLate(session);
      }
      await waitAtMost(farewellMs, wishes.settled());
    },
  };

  /** The bytes that a write is about to replace may have no other copy. */
  async function lookBefore(
    session: Session,
    paths: readonly string[] | undefined,
    ms = writeMs,
  ): Promise<void> {
    const wish: Wanted = { reason: 'write', turn: session.turn, paths, unlessSame: true };
    await wishes.waitFor(session, wish, ms, wishes.take(session, { ...wish, withinMs: ms - 200 }));
  }
}

function listWritten({ root }: Session, { claims }: FilesClaimed): string[] {
  return claims
    .filter((it) => it.operation !== 'read')
    .map((it) => findTarget(root, it.path))
    .filter((it) => it !== undefined);
}
