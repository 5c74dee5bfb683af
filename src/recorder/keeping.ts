/** Takes checkpoints beside the traffic: before each turn, after what can have written, and at the turn's end. */
import { join, relative, sep } from 'node:path';
import type { Event, FilesClaimed } from '../contract/types.gen.ts';
import type { Note } from '../journal/entry.ts';
import type { Calls } from '../shadow/calls.ts';
import type { Taken } from '../shadow/order.ts';
import { type ActLog, type EndedStep, openActLog } from './act-log.ts';
import { noteFailed, noteTaken, orderOf, type Wish } from './checkpoint-wish.ts';
import type { Retention } from './retention.ts';

export type KeepingPorts = {
  /** The workspace of a session; undefined where its files are too many to keep. */
  rootOf(session: string): string | undefined;
  /** The checkpoints of a workspace, opened on first use. Throws where there can be none. */
  keeperOf(root: string): Calls;
  mint(): { readonly id: string; readonly at: number };
  readonly retention: Pick<Retention, 'rest' | 'wake'>;
  write(note: Note): void;
  say(text: string): void;
};

export type Keeping = {
  /** Everything that is written down, after it was. */
  watch(note: Note): void;
  /** Fulfilled when the turn that was last begun may go on to the agent. */
  beforePrompt(): Promise<void>;
  /** The same for a write that the agent asks the editor for, and for a question about one. */
  beforeWrite(agentSession: string, path: string): Promise<void>;
  beforePermission(): Promise<void>;
  /** Waits for what is being taken. */
  close(): Promise<void>;
};

type Session = {
  readonly id: string;
  readonly root: string;
  readonly acts: ActLog;
  turn: string | undefined;
  /** The checkpoint before the turn. */
  before: string | undefined;
  /** A whole look after a step is under way; another one then comes after it. */
  looking: 'no' | 'now' | 'again';
  late: NodeJS.Timeout | undefined;
};

type Wanted = Omit<Wish, 'session'>;

/** Longer nobody waits for a prompt; what is missing then is looked at in the background. */
const promptMs = 2_000;
/** A write is held for one file only. */
const writeMs = 700;
const openingMs = 1_500;
/** The agent is given so long to go on with what came after its turn. */
const lateMs = 1_500;
const farewellMs = 2_500;

export function openKeeping(ports: KeepingPorts): Keeping {
  const sessions = new Map<string, Session>();
  const byAgent = new Map<string, string>();
  const underWay = new Set<Promise<unknown>>();
  const said = new Set<string>();
  let prompted: Session | undefined;
  let asked: { readonly session: Session; readonly paths: readonly string[] } | undefined;

  function sessionOf(id: string): Session | undefined {
    const known = sessions.get(id);
    if (known !== undefined) return known;
    const root = ports.rootOf(id);
    if (root === undefined) return undefined;
    const session: Session = {
      id,
      root,
      acts: openActLog(id, (path) => insideOf(root, path)),
      turn: undefined,
      before: undefined,
      looking: 'no',
      late: undefined,
    };
    sessions.set(id, session);
    return session;
  }

  async function take(session: Session, wanted: Wanted): Promise<Taken | undefined> {
    const work = attempt(session, { ...wanted, session: session.id });
    underWay.add(work);
    try {
      return await work;
    } finally {
      underWay.delete(work);
    }
  }

  async function attempt(session: Session, wish: Wish): Promise<Taken | undefined> {
    const minted = ports.mint();
    const pending = session.acts.pending();
    try {
      const taken = await ports.keeperOf(session.root).take(orderOf(wish, minted, pending.acts));
      if (taken.same === true) return taken;
      pending.settle(wish.paths === undefined && taken.degraded !== 'still sweeping');
      ports.write(noteTaken(wish, taken, ports.mint().at - minted.at));
      if (wish.reason === 'prompt' && taken.degraded === 'still sweeping')
        sayOnce(session, `the checkpoint of ${session.root} before a turn is not whole yet`);
      return taken;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      sayOnce(session, `no checkpoint of ${session.root}: ${why}; forwarding goes on`);
      ports.write(noteFailed(wish, why));
      return undefined;
    }
  }

  /** The journal has every single one. */
  function sayOnce({ root }: Session, text: string): void {
    if (said.has(root)) return;
    said.add(root);
    ports.say(text);
  }

  /** What a step left behind: of the files that it named at once, of everything when it may be anywhere. */
  function lookAfter(session: Session, ended: EndedStep): void {
    const { turn, step, paths, reach } = ended;
    if (ended.isLate) return lookLate(session);
    if (reach !== 'anything') {
      void take(session, { reason: 'step', turn, step, paths, unlessSame: true });
      return;
    }
    if (session.looking !== 'no') {
      session.looking = 'again';
      return;
    }
    session.looking = 'now';
    void take(session, { reason: 'step', turn, step, unlessSame: true }).then(() => {
      const isAgain = session.looking === 'again';
      session.looking = 'no';
      if (isAgain) lookAfter(session, ended);
    });
  }

  function lookLate(session: Session): void {
    clearTimeout(session.late);
    session.late = setTimeout(() => {
      const { turn } = session;
      void take(session, { reason: 'late', turn, unlessSame: true });
    }, lateMs);
    session.late.unref();
  }

  function begin(session: Session, event: Event & { type: 'turn-started' }): void {
    clearTimeout(session.late);
    ports.retention.wake(session.root);
    session.turn = event.turn;
    session.before = undefined;
    if (event.origin === 'prompt') prompted = session;
    else void takeBefore(session, event.turn);
  }

  function follow(session: Session, event: Event): void {
    if (event.type === 'session-opened')
      void take(session, { reason: 'opened', withinMs: openingMs, unlessSame: true });
    else if (event.type === 'turn-started') begin(session, event);
    else if (event.type === 'files-claimed')
      asked = { session, paths: listWritten(session, event) };
    else if (event.type === 'turn-ended') {
      const { turn } = event;
      const after = session.turn === turn ? session.before : undefined;
      void take(session, { reason: 'turn', turn, after });
      ports.retention.rest(session.root);
    } else if ('late' in event && event.late === true) lookLate(session);
  }

  async function takeBefore(session: Session, turn: string | undefined): Promise<void> {
    const taken = await take(session, { reason: 'prompt', turn, withinMs: promptMs });
    if (session.turn === turn) session.before = taken?.id;
  }

  async function within(session: Session, wanted: Wanted, ms: number, work: Promise<unknown>) {
    let timer: NodeJS.Timeout | undefined;
    const isLate = await Promise.race([
      work.then(() => false),
      new Promise<boolean>((resolve) => {
        timer = setTimeout(() => resolve(true), ms);
      }),
    ]);
    clearTimeout(timer);
    if (isLate) ports.write(noteFailed({ ...wanted, session: session.id }, `not within ${ms} ms`));
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
      await within(session, wish, promptMs + 200, takeBefore(session, session.turn));
    },
    async beforeWrite(agentSession, path) {
      const id = byAgent.get(agentSession);
      const session = id === undefined ? undefined : sessionOf(id);
      const inside = session && insideOf(session.root, path);
      if (session === undefined || inside === undefined) return;
      await lookBefore(session, [inside]);
    },
    async beforePermission() {
      const about = asked;
      asked = undefined;
      if (about !== undefined && about.paths.length > 0)
        await lookBefore(about.session, about.paths);
    },
    async close() {
      for (const { late } of sessions.values()) clearTimeout(late);
      let timer: NodeJS.Timeout | undefined;
      const patience = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, farewellMs);
      });
      await Promise.race([Promise.allSettled([...underWay]), patience]);
      clearTimeout(timer);
    },
  };

  /** The bytes that a write is about to replace may have no other copy. */
  async function lookBefore(session: Session, paths: readonly string[]): Promise<void> {
    const wish: Wanted = { reason: 'write', turn: session.turn, paths, unlessSame: true };
    await within(session, wish, writeMs, take(session, { ...wish, withinMs: writeMs - 200 }));
  }
}

function listWritten({ root }: Session, { claims }: FilesClaimed): string[] {
  return claims
    .filter((it) => it.operation !== 'read')
    .map((it) => insideOf(root, it.path))
    .filter((it) => it !== undefined);
}

/** Relative to the workspace, with slashes; undefined for what lies outside. */
function insideOf(root: string, path: string): string | undefined {
  const inside = relative(root, join(path.startsWith('/') ? '' : root, path));
  if (inside === '..' || inside.startsWith(`..${sep}`)) return undefined;
  return inside.split(sep).join('/');
}
