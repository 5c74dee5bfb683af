/** What all parts of this room share while one connection is read. */
import type { Event } from '../contract/types.gen.ts';
import type { Note } from '../journal/entry.ts';
import type { Side } from './line.ts';
import type { Opening } from './openings.ts';
import type { Asked, Pending } from './pending.ts';
import type { Session } from './sessions.ts';
import type { Shape } from './shape.ts';
import type { Step } from './steps.ts';

/** What this room needs from outside, for it has no clock, no randomness and no hashes. */
export type Gifts = {
  readonly mint: () => string;
  /** clew's id for a session of the agent that an earlier run had opened. */
  readonly knownSession?:
    | ((agentSession: string, cwd: string | undefined) => string | undefined)
    | undefined;
  readonly blobOf: (text: string) => string;
  readonly sha256: (text: string) => string;
  readonly sizeOf: (text: string) => number;
  /** Which files a command shows: best effort, from its text. */
  readonly readsOf?: (
    command: string | readonly string[],
    cwd: string | undefined,
  ) => readonly string[];
};

export type Talk = {
  readonly gifts: Gifts;
  readonly sessions: Map<string, Session>;
  readonly pending: Pending;
  /** New sessions that were asked for and whose ids nobody knows yet. */
  readonly openings: Set<Opening>;
  /** Undefined until both sides have agreed, and after a start in the middle of a connection. */
  protocol: number | undefined;
  agentName: string | undefined;
  /** Open steps of which more was heard since somebody asked how far they are. */
  readonly moved: Map<Step, Session>;
  /** The line that is being read. */
  from: Side;
  text: string;
  bytes: number;
  mono: number;
  /** The session that it is about. */
  heard: Session | undefined;
  /** What was learnt from it. */
  notes: Note[];
};

/** Takes note of a request; answers with what is to be remembered until its answer comes. */
export type Ask = (
  talk: Talk,
  params: Shape,
  method: string,
) => Omit<Asked, 'from' | 'id' | 'rawId' | 'method'>;

/** Takes note of a notification or an update; answers false if it found nothing in it that it knows. */
export type Hear = (talk: Talk, params: Shape) => boolean;
export type HearUpdate = (talk: Talk, session: Session, update: Shape) => boolean;

/** Says something that belongs to no session. */
export function sayAside(talk: Talk, event: Event): void {
  talk.notes.push({ event });
}

export function elapsedMs(talk: Talk, since: number): number {
  return Math.max(0, Math.round(talk.mono - since));
}
