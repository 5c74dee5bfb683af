/** Sessions of a host that drives its agent itself: written down, and checkpointed, as if they had come by on the wire. */
import { randomUUID } from 'node:crypto';
import type {
  Event,
  Party,
  SessionEnd,
  SessionStart,
  StepEnd,
  StepProgress,
  StepStart,
  TurnEnd,
  TurnStart,
} from '../contract/types.gen.ts';
import { Failure } from '../errors.ts';
import type { Note } from '../journal/entry.ts';
import type { Calls } from '../shadow/calls.ts';
import type { Desk } from './desks.ts';
import { openHostSteps } from './host-steps.ts';
import { openKeeping } from './keeping.ts';
import type { ToldProgress } from './open-told-progress.ts';
import type { Retention } from './retention.ts';
import { openTurnCheckpoints } from './turn-checkpoints.ts';

export type HostPorts = {
  readonly root: string;
  /** A journal of its own for each agent, since a journal speaks of one. */
  openDesk(): Desk;
  /** The host, as it named itself. */
  readonly client: Party | undefined;
  readonly protocol: number;
  /** Undefined where no checkpoints are taken. */
  readonly keeper: (() => Calls) | undefined;
  readonly retention: Pick<Retention, 'rest' | 'wake'>;
  redact(event: Event): Event;
  /** Told of everything that was written down of these sessions. */
  watch(note: Note): void;
  /** Nothing more will happen, and the journals are still open. */
  finish(): Promise<void>;
  mint(): { readonly id: string; readonly at: number };
  mono(): number;
  readonly progress: Pick<ToldProgress, 'tell' | 'drop'>;
  say(text: string): void;
};

export type HostSessions = {
  start(order: SessionStart['params']): Promise<SessionStart['result']>;
  end(order: SessionEnd['params']): Promise<SessionEnd['result']>;
  startTurn(order: TurnStart['params']): Promise<TurnStart['result']>;
  endTurn(order: TurnEnd['params']): Promise<TurnEnd['result']>;
  startStep(order: StepStart['params']): Promise<StepStart['result']>;
  progressStep(order: StepProgress['params']): Promise<StepProgress['result']>;
  endStep(order: StepEnd['params']): Promise<StepEnd['result']>;
  /** Writes down what is of these sessions; answers the rest. */
  record(notes: readonly Note[]): Promise<readonly Note[]>;
  /** The host is gone: what is open ends, and is interrupted. */
  close(): Promise<void>;
};

type Session = { readonly id: string; readonly desk: Desk; turn: Turn | undefined };
type Turn = { readonly id: string; readonly at: number };

const sessionLimit = 1_000;
const homeLimit = 2 * sessionLimit;

export function openHostSessions(ports: HostPorts): HostSessions {
  const desks = new Map<string, Desk>();
  const sessions = new Map<string, Session>();
  /** Also of sessions that have ended: a checkpoint may come after them. */
  const homes = new Map<string, Desk>();
  const kept = openTurnCheckpoints(ports.keeper !== undefined);
  const keeping = openKeeping({
    retention: ports.retention,
    rootOf: () => (ports.keeper === undefined ? undefined : ports.root),
    keeperOf: () => ports.keeper?.() as Calls,
    mint: ports.mint,
    clock: { now: () => ports.mint().at, mono: ports.mono, heard: ports.mono },
    textOf: () => undefined,
    write(note) {
      kept.notice(note.event);
      append(note);
    },
    say: ports.say,
  });

  const steps = openHostSteps({
    write: (session, event) => write({ id: session }, event),
    mint: ports.mint,
    mono: ports.mono,
    progress: ports.progress,
  });

  function deskOf(agent: Party | undefined): Desk {
    const name = JSON.stringify(agent ?? {});
    const known = desks.get(name);
    if (known !== undefined) return known;
    const desk = ports.openDesk();
    desks.set(name, desk);
    const { client, protocol } = ports;
    desk.append({
      event: ports.redact({
        ...{ type: 'agent-connected', protocol, files: false, terminals: false },
        ...(agent && { agent }),
        ...(client && { client }),
      }),
    });
    return desk;
  }

  function append({ session, event }: Note): void {
    const desk = session === undefined ? undefined : homes.get(session);
    const note = { ...(session === undefined ? {} : { session }), event: ports.redact(event) };
    (desk ?? deskOf(undefined)).append(note);
  }

  function write(session: Pick<Session, 'id'>, event: Event): void {
    const note = { session: session.id, event };
    append(note);
    keeping.watch(note);
    ports.watch(note);
  }

  function forgetOldest(): void {
    if (homes.size <= homeLimit) return;
    const oldest = [...homes.keys()].find((it) => !sessions.has(it));
    if (oldest !== undefined) homes.delete(oldest);
  }

  function findSession(id: string): Session {
    const session = sessions.get(id);
    if (session !== undefined) return session;
    throw new Failure('unknown-id', `this connection has no open session ${id}`, {
      data: { id },
      hint: 'session/start begins one; those of others can only be looked at',
    });
  }

  function findTurn(id: string): Session {
    const session = [...sessions.values()].find((it) => it.turn?.id === id);
    if (session !== undefined) return session;
    throw new Failure('unknown-id', `this connection has no open turn ${id}`, {
      data: { id },
      hint: 'turn/start begins one, and it ends once',
    });
  }

  async function finishTurn(session: Session, order: TurnEnd['params']): Promise<number> {
    const { turn: id, outcome = 'end_turn', problem, usage, models } = order;
    const durationMs = Math.max(0, ports.mint().at - (session.turn?.at ?? 0));
    session.turn = undefined;
    steps.endTurn(id);
    write(session, {
      ...{ type: 'turn-ended', turn: id, outcome, afterMs: durationMs },
      ...(problem && { problem }),
      ...(usage && { usage }),
      ...(models && { models }),
    });
    await keeping.settled();
    await session.desk.acknowledge();
    return durationMs;
  }

  return {
    async start({ agent, agentSession = randomUUID(), cwd = ports.root, ...told }) {
      if (sessionLimit <= sessions.size)
        throw new Failure('busy', `${sessionLimit} sessions are open, which is as many as may be`, {
          data: { limit: sessionLimit },
          hint: 'end some with session/end',
        });
      const { id, at } = ports.mint();
      const session: Session = { id, desk: deskOf(agent), turn: undefined };
      sessions.set(id, session);
      homes.set(id, session.desk);
      write(session, { type: 'session-opened', how: 'new', agentSession, cwd, ...told });
      await session.desk.acknowledge();
      return { session: id, agentSession, startedAt: at };
    },
    async end({ session: id }) {
      const session = findSession(id);
      if (session.turn !== undefined)
        await finishTurn(session, { turn: session.turn.id, outcome: 'interrupted' });
      write(session, { type: 'session-closed', how: 'close' });
      sessions.delete(id);
      forgetOldest();
      await session.desk.acknowledge();
      return { session: id };
    },
    async startTurn({ session: id, ...told }) {
      const session = findSession(id);
      if (session.turn !== undefined)
        throw new Failure('busy', `turn ${session.turn.id} of this session is going on`, {
          data: { turn: session.turn.id },
          hint: 'end it with turn/end',
        });
      const minted = ports.mint();
      session.turn = minted;
      const { id: turn } = minted;
      write(session, { type: 'turn-started', turn, origin: 'prompt', ...told });
      await keeping.beforePrompt();
      await session.desk.acknowledge();
      return { session: id, turn, ...kept.tell('prompt', turn) };
    },
    async endTurn(order) {
      const { turn: id, outcome = 'end_turn' } = order;
      const session = findTurn(id);
      const durationMs = await finishTurn(session, order);
      return { session: session.id, turn: id, outcome, durationMs, ...kept.tell('turn', id) };
    },
    async startStep(order) {
      const session = findTurn(order.turn);
      const begun = steps.start(session.id, order);
      await session.desk.acknowledge();
      return begun;
    },
    progressStep: async (order) => steps.progress(order),
    async endStep(order) {
      const ended = steps.end(order);
      await homes.get(ended.session)?.acknowledge();
      return ended;
    },
    async record(notes) {
      const others: Note[] = [];
      const touched = new Set<Desk>();
      for (const note of notes) {
        const session = note.session === undefined ? undefined : sessions.get(note.session);
        if (session === undefined) others.push(note);
        else {
          write(session, note.event);
          touched.add(session.desk);
        }
      }
      await Promise.all([...touched].map((it) => it.acknowledge()));
      return others;
    },
    async close() {
      for (const session of sessions.values()) {
        const { turn } = session;
        if (turn !== undefined) {
          const afterMs = Math.max(0, ports.mint().at - turn.at);
          steps.endTurn(turn.id);
          write(session, { type: 'turn-ended', turn: turn.id, outcome: 'interrupted', afterMs });
        }
        write(session, { type: 'session-closed', how: 'close' });
      }
      await keeping.close();
      await ports.finish();
      sessions.clear();
      await Promise.all([...desks.values()].map((it) => it.close()));
    },
  };
}
