/** What a session is at, kept up to date entry by entry, and its card. */
import type { TraceCard } from '../contract/types.gen.ts';
import type { Entry } from '../journal/entry.ts';
import { defined } from './fold-writer.ts';
import type { WriterRow } from './rows.ts';
import { judgeTurn } from './trace-row.ts';

export type OpenStep = {
  readonly kind: string;
  title: string | undefined;
  readonly startedAt: number;
  readonly writer: string;
  readonly parent: string | undefined;
};

export type NewestTurn = {
  readonly id: string;
  readonly writer: string;
  readonly startedAt: number;
  readonly prompt: string | undefined;
  outcome: string | undefined;
};

export type SessionState = {
  readonly id: string;
  /** Of each writer that saw it, the last entry about it that is in here. */
  readonly writers: Map<string, number>;
  about: Pick<TraceCard, 'title' | 'agent' | 'label' | 'client' | 'parent'>;
  startedAt: number;
  lastAt: number;
  turn: NewestTurn | undefined;
  /** Open turns: whose they are. */
  readonly openTurns: Map<string, string>;
  /** Open steps, in the order in which they began. */
  readonly openSteps: Map<string, OpenStep>;
  readonly counts: TraceCard['counts'];
  readonly children: Set<string>;
};

export function makeSession(id: string): SessionState {
  return {
    id,
    writers: new Map(),
    about: {},
    startedAt: 0,
    lastAt: 0,
    turn: undefined,
    openTurns: new Map(),
    openSteps: new Map(),
    counts: { turns: 0, steps: 0, tools: 0, failed: 0 },
    children: new Set(),
  };
}

const promptLimit = 200;

/** False if it has that entry already. */
export function takeIntoSession(
  state: SessionState,
  entry: Entry,
  writer: Pick<WriterRow, 'agent' | 'label' | 'client'>,
): boolean {
  if (entry.seq <= (state.writers.get(entry.writer) ?? 0)) return false;
  state.writers.set(entry.writer, entry.seq);
  state.startedAt ||= entry.at;
  state.lastAt = entry.at;
  const { agent, label, client } = writer;
  state.about = { ...state.about, ...defined({ agent, label, client }) };
  takeTurn(state, entry);
  takeStep(state, entry);
  return true;
}

function takeTurn(state: SessionState, { event, writer, at }: Entry): void {
  switch (event.type) {
    case 'session-opened':
    case 'session-changed': {
      const parent = event.type === 'session-opened' ? event.parent : undefined;
      state.about = { ...state.about, ...defined({ title: event.title, parent }) };
      return;
    }
    case 'turn-started': {
      const prompt = event.prompt
        ?.trimStart()
        .split(/[\r\n]/, 1)[0]
        ?.slice(0, promptLimit);
      state.turn = { id: event.turn, writer, startedAt: at, prompt, outcome: undefined };
      state.openTurns.set(event.turn, writer);
      state.counts.turns += 1;
      return;
    }
    case 'turn-ended':
      state.openTurns.delete(event.turn);
      if (state.turn?.id === event.turn) state.turn.outcome = event.outcome;
      return;
    default:
  }
}

function takeStep(state: SessionState, { event, writer, at }: Entry): void {
  switch (event.type) {
    case 'step-started': {
      const { step, kind, tool, parent } = event;
      const title = event.title ?? tool?.name;
      state.openSteps.set(step, { kind, title, startedAt: at, writer, parent });
      state.counts.steps += 1;
      if (kind === 'tool') state.counts.tools += 1;
      return;
    }
    case 'permission-asked': {
      const { step, title } = event;
      const open = { kind: 'permission', title, startedAt: at, writer, parent: undefined };
      state.openSteps.set(step, open);
      state.counts.steps += 1;
      return;
    }
    case 'step-changed': {
      const open = state.openSteps.get(event.step);
      if (open !== undefined && event.title !== undefined) open.title = event.title;
      return;
    }
    case 'step-ended': {
      const isTool = state.openSteps.get(event.step)?.kind === 'tool';
      if (isTool && event.outcome === 'failed') state.counts.failed += 1;
      state.openSteps.delete(event.step);
      return;
    }
    case 'permission-answered':
      state.openSteps.delete(event.step);
      return;
    default:
  }
}

export type CardPorts = {
  isGone(writer: string): boolean;
  session(id: string): SessionState | undefined;
};

export function showCard(state: SessionState, ports: CardPorts): TraceCard {
  const { id, about, startedAt, lastAt, turn, counts } = state;
  const running = isRunning(state, ports);
  const [currentId, current] = (running && newestOpen(state, ports)) || [];
  const children = [...state.children]
    .map((it) => ports.session(it))
    .filter((it) => it !== undefined);
  const thinking = [
    ...children.filter((it) => isRunning(it, ports)).map(tellChild),
    ...(running ? tellSubAgents(state, ports) : []),
  ];
  const { kind = '', title, startedAt: since = 0 } = current ?? {};
  return {
    id,
    revision: reviseCard([state, ...children], ports),
    status: judgeSession(state, ports),
    ...about,
    startedAt,
    lastAt,
    ...defined({ turn: turn?.id, prompt: turn?.prompt, outcome: turn?.outcome }),
    ...(currentId === undefined
      ? {}
      : { current: { id: currentId, kind, startedAt: since, ...defined({ title }) } }),
    ...(thinking.length === 0 ? {} : { thinking }),
    counts: { ...counts },
  };
}

type Thought = NonNullable<TraceCard['thinking']>[number];

function tellChild({ id, about, turn, startedAt }: SessionState): Thought {
  const name = about.title ?? turn?.prompt ?? about.agent ?? 'a sub-agent';
  return { session: id, name, since: turn?.startedAt ?? startedAt };
}

/** Some agents let a sub-agent work in the same session: its steps are part of one step of theirs. */
function tellSubAgents(state: SessionState, ports: CardPorts): Thought[] {
  const busy = new Set<string>();
  for (const step of state.openSteps.values())
    if (step.parent !== undefined && !ports.isGone(step.writer)) busy.add(step.parent);
  return [...busy].flatMap((step) => {
    const open = state.openSteps.get(step);
    if (open === undefined) return [];
    return [{ step, name: open.title ?? 'a sub-agent', since: open.startedAt }];
  });
}

function isRunning({ openTurns }: SessionState, { isGone }: CardPorts): boolean {
  for (const writer of openTurns.values()) if (!isGone(writer)) return true;
  return false;
}

function newestOpen(
  { openSteps }: SessionState,
  { isGone }: CardPorts,
): [string, OpenStep] | undefined {
  return [...openSteps].findLast(([, it]) => !isGone(it.writer));
}

function judgeSession(state: SessionState, ports: CardPorts): TraceCard['status'] {
  if (isRunning(state, ports)) return 'running';
  return state.turn === undefined ? 'idle' : judgeTurn(state.turn.outcome, true);
}

/** What a card shows changes with entries only, of its own session and of its sub-sessions, and when a writer goes. */
function reviseCard(states: readonly SessionState[], { isGone }: CardPorts): number {
  let sum = 0;
  let isLost = false;
  for (const { writers, openTurns } of states) {
    for (const seq of writers.values()) sum += seq;
    for (const writer of openTurns.values()) isLost ||= isGone(writer);
  }
  return 2 * sum + Number(isLost);
}
