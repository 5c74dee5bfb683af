/** Cards made entry by entry are those that the index makes, and an entry counts once. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Entry } from '../../src/journal/entry.ts';
import {
  makeSession,
  type SessionState,
  showCard,
  takeIntoSession,
} from '../../src/trace/session-state.ts';
import { openShelf } from '../../src/trace/shelf.ts';
import { ask, openAt, recordWorkspace } from '../methods/recorded.ts';
import { mergeSomehow, openChance, tellStory } from './story.ts';

function foldSessions(entries: readonly Entry[]): Map<string, SessionState> {
  const shelf = openShelf();
  const states = new Map<string, SessionState>();
  for (const entry of entries) {
    shelf.take(entry);
    const { session } = entry;
    if (session === undefined) continue;
    const state = states.get(session) ?? makeSession(session);
    states.set(session, state);
    const writer = shelf.writers.get(entry.writer) ?? {};
    expect(takeIntoSession(state, entry, writer)).toBe(true);
    expect(takeIntoSession(state, entry, writer)).toBe(false);
  }
  return states;
}

test('they are the same', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer(), async (seed) => {
      const journals = tellStory({ seed, writers: 1, trouble: false });
      const entries = mergeSomehow(journals, openChance(seed));
      const recorded = recordWorkspace(entries);
      const states = foldSessions(entries);
      const ports = { isGone: () => true, session: (id: string) => states.get(id) };
      const cards = [...states.values()].map((it) => showCard(it, ports));
      const { cards: found } = await ask(openAt(recorded), 'trace/snapshot', {});
      expect(byId(cards)).toEqual(byId(found));
    }),
    { numRuns: 10 },
  );
});

test('who is thinking: a sub-session at work, and a sub-agent in the same session', () => {
  const at = (seq: number, session: string, event: object): Entry =>
    ({ writer: 'W', seq, at: seq * 1000, mono: seq, session, event }) as Entry;
  const states = foldSessions([
    at(1, 'main', { type: 'session-opened', how: 'new', agentSession: 'a' }),
    at(2, 'main', { type: 'turn-started', turn: 'T', origin: 'prompt', prompt: '\n go on\nnow' }),
    at(3, 'main', {
      type: 'step-started',
      turn: 'T',
      step: 'task',
      kind: 'tool',
      title: 'Explore',
    }),
    at(4, 'main', {
      type: 'step-started',
      turn: 'T',
      step: 'sub',
      kind: 'thought',
      parent: 'task',
    }),
    at(5, 'child', { type: 'session-opened', how: 'seen', agentSession: 'b', parent: 'main' }),
    at(6, 'child', { type: 'turn-started', turn: 'U', origin: 'agent' }),
  ]);
  const main = states.get('main') as SessionState;
  main.children.add('child');
  const show = (isGone = false) =>
    showCard(main, { isGone: () => isGone, session: (id) => states.get(id) });
  expect(show()).toMatchObject({
    status: 'running',
    prompt: 'go on',
    current: { id: 'sub', kind: 'thought' },
    thinking: [
      { session: 'child', name: 'a sub-agent', since: 6000 },
      { step: 'task', name: 'Explore', since: 3000 },
    ],
  });
  const gone = show(true);
  expect([gone.status, gone.thinking, gone.current]).toEqual(['interrupted', undefined, undefined]);
  expect(gone.revision).toBe(show().revision + 1);
});

function byId<T extends { id: string }>(cards: readonly T[]): T[] {
  return [...cards].sort((a, b) => (a.id < b.id ? -1 : 1));
}
