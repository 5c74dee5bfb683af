/** Cards of the sessions that something happens in: read from the index once, then kept entry by entry. */
import type { TraceCard } from '../contract/types.gen.ts';
import type { Entry } from '../journal/entry.ts';
import { askSession } from '../store/index/ask-session-states.ts';
import type { TraceIndex } from '../store/index/trace-index.ts';
import type { WriterRow } from '../trace/rows.ts';
import { type SessionState, showCard, takeIntoSession } from '../trace/session-state.ts';

export type SessionCards = {
  take(entry: Entry): void;
  /** Somebody wants to know what becomes of this session. */
  want(session: string): void;
  lose(writer: string): void;
  /** Tells the cards that have changed. */
  flush(): void;
  /** Something was heard of a session that is being read. */
  isLoading(): boolean;
  hasRunning(): boolean;
  isOpen(session: string, step: string): boolean;
};

export type CardsOptions = {
  readonly index: TraceIndex;
  isGone(writer: string): boolean;
  writer(name: string): WriterRow | undefined;
  tell(name: string, card: TraceCard): void;
  loaded(): void;
  complain(error: unknown): void;
};

export function openSessionCards(options: CardsOptions): SessionCards {
  const { index, isGone, tell, loaded, complain } = options;
  const states = new Map<string, SessionState>();
  /** Entries of sessions that are being read. */
  const waiting = new Map<string, Entry[]>();
  const changed = new Set<string>();

  function take(entry: Entry): void {
    const { session } = entry;
    if (session === undefined) return;
    const state = states.get(session);
    if (state !== undefined) apply(state, entry);
    else if (waiting.has(session)) waiting.get(session)?.push(entry);
    else load(session, [entry]);
  }

  function load(session: string, entries: Entry[]): void {
    waiting.set(session, entries);
    index
      .ask((database) => askSession(database, session))
      .then((found) => {
        for (const it of found) if (!states.has(it.id) && !isWaited(it.id, session)) add(it);
      })
      .catch(complain)
      .finally(() => {
        const held = waiting.get(session) ?? [];
        waiting.delete(session);
        for (const it of held) take(it);
        loaded();
      });
  }

  /** A sub-session that is being read by itself is added then, with what is heard of it meanwhile. */
  function isWaited(id: string, asked: string): boolean {
    return id !== asked && waiting.has(id);
  }

  function add(state: SessionState): void {
    states.set(state.id, state);
    const { parent } = state.about;
    if (parent !== undefined) states.get(parent)?.children.add(state.id);
  }

  function apply(state: SessionState, entry: Entry): void {
    if (!takeIntoSession(state, entry, options.writer(entry.writer) ?? {})) return;
    changed.add(state.id);
    const { parent } = state.about;
    if (parent !== undefined) tellParent(parent, state.id);
    const { event } = entry;
    if (event.type === 'turn-started') tellNow('agent_session:started', state);
    if (event.type !== 'turn-ended') return;
    const isFailed = event.outcome === 'interrupted' || show(state).status === 'failed';
    tellNow(isFailed ? 'agent_session:failed' : 'agent_session:completed', state);
  }

  function tellParent(parent: string, child: string): void {
    const above = states.get(parent);
    above?.children.add(child);
    if (above !== undefined) changed.add(parent);
    else if (!waiting.has(parent)) load(parent, []);
  }

  function tellNow(name: string, state: SessionState): void {
    changed.delete(state.id);
    tell(name, show(state));
  }

  const show = (state: SessionState) =>
    showCard(state, { isGone, session: (it) => states.get(it) });

  return {
    take,
    want(session) {
      if (!states.has(session) && !waiting.has(session)) load(session, []);
    },
    lose(writer) {
      for (const state of states.values()) {
        if (![...state.openTurns.values()].includes(writer)) continue;
        const { parent } = state.about;
        if (parent !== undefined) changed.add(parent);
        tellNow('agent_session:failed', state);
      }
    },
    flush() {
      for (const id of changed) {
        const state = states.get(id);
        if (state !== undefined) tell('agent_session:progress', show(state));
      }
      changed.clear();
    },
    isLoading: () => 0 < waiting.size,
    hasRunning() {
      for (const { openTurns } of states.values())
        if ([...openTurns.values()].some((it) => !isGone(it))) return true;
      return false;
    },
    isOpen: (session, step) => states.get(session)?.openSteps.has(step) === true,
  };
}
