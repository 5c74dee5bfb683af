/** The sessions of one connection: what is known of each, and that it is told of before anything in it. */
import type { Event, SessionOpened } from '../contract/types.gen.ts';
import { known } from '../journal/known.ts';
import type { Said } from './messages.ts';
import type { Opening } from './openings.ts';
import { beginReplay, type Replay } from './replay.ts';
import type { Step } from './steps.ts';
import type { Talk } from './talk.ts';
import type { TerminalStep } from './terminals.ts';
import type { ToolStep } from './tool-steps.ts';
import type { Turn } from './turns.ts';

export type Session = {
  /** clew's id. */
  readonly id: string;
  /** The agent's id. */
  readonly agentId: string;
  announced: boolean;
  opening: Opening | undefined;
  /** Set while history is sent again. */
  replay: Replay | undefined;
  cwd: string | undefined;
  title: string | undefined;
  model: string | undefined;
  mode: string | undefined;
  readonly options: Map<string, string>;
  /** Open turns; the first is the one that the agent works on, the others are queued prompts. */
  readonly turns: Turn[];
  /** Open steps, in the order in which they began. */
  readonly open: Map<string, Step>;
  /** Messages that still grow, by role and the agent's id. */
  readonly speaking: Map<string, Said>;
  /** Messages that are over: how long they were, and in which turn. */
  readonly spoken: Map<string, { readonly turn: Turn; readonly length: number }>;
  /** Tool calls by the agent's id, also ended ones, for what comes late. */
  readonly calls: Map<string, ToolStep>;
  readonly terminals: Map<string, TerminalStep>;
  /** Ended calls that have printed something since. */
  readonly late: Set<ToolStep>;
  /** Git blob ids that are known to be whole files, by path. */
  readonly wholes: Map<string, readonly string[]>;
  /** The agent tells of its plans by itself. */
  tellsPlans: boolean;
  /** What was last said, so that it is not said again. */
  readonly lastSaid: Map<string, string>;
};

/** The session with the agent's id, which may never have been opened here. */
export function sessionOf(talk: Talk, agentId: string, opening?: Opening): Session {
  const found = talk.sessions.get(agentId);
  talk.heard = found;
  if (found !== undefined) return found;
  const about = opening ?? likelyOpening(talk);
  const session = makeSession(talk, agentId, about);
  explainSession(session, about);
  talk.sessions.set(agentId, session);
  talk.heard = session;
  return session;
}

function makeSession(talk: Talk, agentId: string, opening: Opening | undefined): Session {
  // Simple agents count their sessions: what is new is new, whatever its name.
  const isNew = opening?.how === 'new' || opening?.how === 'fork';
  const known = isNew ? undefined : talk.gifts.knownSession?.(agentId, opening?.cwd);
  return {
    id: known ?? talk.gifts.mint(),
    agentId,
    announced: false,
    opening: undefined,
    replay: undefined,
    cwd: undefined,
    title: undefined,
    model: undefined,
    mode: undefined,
    options: new Map(),
    turns: [],
    open: new Map(),
    speaking: new Map(),
    spoken: new Map(),
    calls: new Map(),
    terminals: new Map(),
    late: new Set(),
    wholes: new Map(),
    tellsPlans: false,
    lastSaid: new Map(),
  };
}

/**
 * Agents talk about a new session before they have answered the request for it (opencode sends a fork's whole
 * history so). If one such request is open, this is that session; if several are, nobody can tell.
 */
function likelyOpening(talk: Talk): Opening | undefined {
  const [only, ...others] = talk.openings;
  return others.length === 0 && only?.session === undefined ? only : undefined;
}

function explainSession(session: Session, opening: Opening | undefined): void {
  if (opening === undefined) return;
  opening.session = session;
  session.opening = opening;
  session.cwd = opening.cwd;
  if (opening.how === 'fork') session.replay = beginReplay();
}

/** Says something about a session, and before that, once, that there is such a session. */
export function say(talk: Talk, session: Session, event: Event): void {
  if (!session.announced) announceSession(talk, session);
  talk.notes.push({ session: session.id, event });
}

/** Says something of a request: one that failed to open a session is not about a session. */
export function sayAbout(talk: Talk, session: Session | undefined, event: Event): void {
  talk.notes.push(session?.announced ? { session: session.id, event } : { event });
}

export function announceSession(talk: Talk, session: Session): void {
  const { opening } = session;
  session.announced = true;
  if (opening !== undefined) opening.told = true;
  const event: SessionOpened = {
    type: 'session-opened',
    how: opening?.how ?? 'seen',
    agentSession: session.agentId,
    ...known({
      cwd: opening?.cwd,
      folders: opening?.folders,
      parent: opening?.parent,
      title: session.title,
      model: session.model,
      mode: session.mode,
      options: optionsOf(session),
    }),
  };
  talk.notes.push({ session: session.id, event });
}

function optionsOf(session: Session): { id: string; value: string }[] | undefined {
  if (session.options.size === 0) return undefined;
  return [...session.options].map(([id, value]) => ({ id, value }));
}
