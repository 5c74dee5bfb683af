/** What entries become, and that the order in which journals are read does not matter. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Event } from '../../src/contract/types.gen.ts';
import type { Entry } from '../../src/journal/entry.ts';
import { foldEntry } from '../../src/trace/fold.ts';
import { openShelf, type Shelf } from '../../src/trace/shelf.ts';
import { mergeSomehow, openChance, tellStory } from './story.ts';

const fold = (entries: readonly Entry[]): Shelf => {
  const shelf = openShelf();
  for (const entry of entries) shelf.take(entry);
  return shelf;
};

/** All rows, whatever order they were made in. */
const rowsOf = ({ writers, openings, tables }: Shelf) =>
  Object.fromEntries(
    Object.entries({ writers, openings, ...tables }).map(([name, rows]) => [
      name,
      Object.fromEntries([...rows].sort(([a], [b]) => (a < b ? -1 : 1))),
    ]),
  );

const freeze = <T>(value: T): T => {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) freeze(part);
  }
  return value;
};

describe('laws', () => {
  test('every legal order of reading several journals gives the same rows', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer(), (seed, order) => {
        const journals = tellStory({ seed });
        const merged = mergeSomehow(journals, openChance(order));
        expect(rowsOf(fold(merged))).toEqual(rowsOf(fold(journals.flat())));
      }),
      { numRuns: 150 },
    );
  });

  test('folding changes nothing that it is given', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const journals = tellStory({ seed });
        expect(rowsOf(fold(freeze(journals).flat()))).toEqual(rowsOf(fold(journals.flat())));
      }),
      { numRuns: 30 },
    );
  });

  test('an event of any shape is folded without throwing', () => {
    const names = tellStory({ seed: 1, writers: 9 })
      .flat()
      .map((it) => it.event.type);
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.object(), (type, shape) => {
        const event = { ...shape, type } as unknown as Event;
        fold([{ writer: 'W', seq: 1, at: 1, mono: 1, session: 'S', event }]);
      }),
      { numRuns: 500 },
    );
  });
});

const entry = (seq: number, event: Event, more: Partial<Entry> = {}): Entry => ({
  writer: 'W',
  seq,
  at: 1000 + seq,
  mono: seq,
  session: 'S',
  event,
  ...more,
});
const only = <T>(rows: ReadonlyMap<string, T>): T => {
  expect(rows.size).toBe(1);
  return [...rows.values()][0] as T;
};

describe('rows', () => {
  test('a clock that goes back does not take the order back', () => {
    const event: Event = { type: 'commands-offered', names: [] };
    const shelf = fold([entry(1, event, { at: 5000 }), entry(2, event, { at: 100 })]);
    expect(only(shelf.writers)).toMatchObject({ stamp: 5000, lastAt: 100, seq: 2, entries: 2 });
  });

  test('a hole in a journal is counted, told, and what began in it is shown', () => {
    const event: Event = {
      type: 'message-said',
      turn: 'T',
      step: 'P',
      role: 'agent',
      part: 0,
      text: 'x',
    };
    const { writers, tables } = fold([entry(4, event)]);
    expect(only(writers)).toMatchObject({ missing: 3 });
    expect(only(tables.problems).text).toBe('3 entries missing before this');
    expect(only(tables.turns)).toMatchObject({ id: 'T', session: 'S', origin: 'agent' });
    expect(only(tables.steps)).toMatchObject({ id: 'P', turn: 'T', kind: 'message' });
  });

  test('a hole does not cover what was known of a turn', () => {
    const started: Event = { type: 'turn-started', turn: 'T', origin: 'prompt', prompt: 'do it' };
    const said: Event = {
      type: 'message-said',
      turn: 'T',
      step: 'P',
      role: 'agent',
      part: 0,
      text: 'x',
    };
    const { tables } = fold([entry(1, started), entry(9, said)]);
    expect(only(tables.turns)).toMatchObject({ origin: 'prompt', prompt: 'do it', seq: 1 });
  });

  test('a moved file is claimed where it is and where it was', () => {
    const claim = { path: '/w/b', oldPath: '/w/a', operation: 'move', source: 'changes' } as const;
    const { tables } = fold([
      entry(1, {
        type: 'recording-started',
        workspace: '/w',
        pid: 1,
        clew: '0',
        command: [],
        platform: 'linux',
        node: 'v20',
      }),
      entry(2, { type: 'files-claimed', turn: 'T', step: 'P', claims: [claim] }),
    ]);
    expect([...tables.claims.values()].map((it) => [it.path, it.changed])).toEqual([
      ['b', true],
      ['a', true],
    ]);
  });

  test.each([
    ['many lines', '\n\n  first\nsecond', 'first'],
    ['a long line', 'a'.repeat(500), `${'a'.repeat(199)}…`],
    ['pairs of surrogates', '😀'.repeat(300), `${'😀'.repeat(199)}…`],
    ['nothing', '', ''],
  ])('a prompt of %s is shown by its first line', (_, prompt, shown) => {
    const { tables } = fold([
      entry(1, { type: 'turn-started', turn: 'T', origin: 'prompt', prompt }),
    ]);
    expect(only(tables.turns).prompt).toBe(shown);
    expect(only(tables.texts).text).toBe(prompt);
  });

  test('what comes late corrects how a step was closed, and nothing else does', () => {
    const ended = { type: 'step-ended', step: 'P', outcome: 'interrupted', afterMs: 1 } as const;
    const outcome = (more: object) =>
      only(
        fold([entry(1, ended), entry(2, { type: 'step-changed', step: 'P', ...more })]).tables
          .steps,
      ).outcome;
    expect(outcome({ late: true, status: 'completed' })).toBe('completed');
    expect(outcome({ late: true, status: 'in_progress' })).toBe('interrupted');
    expect(outcome({ status: 'completed' })).toBe('interrupted');
  });

  test.each([
    [{ text: '1. look' }, ['1. look']],
    [{ uri: 'file:///w/plan.md' }, ['file:///w/plan.md']],
    [{ text: '1. look', removed: true }, []],
  ])('a plan of %j has the entries %j', (more, contents) => {
    const { tables } = fold([entry(1, { type: 'plan-changed', entries: [], ...more })]);
    expect(only(tables.plans).entries.map((it) => it.content)).toEqual(contents);
  });

  test('a misshapen event is told and the rest of its journal is read', () => {
    const { changes, writer } = foldEntry(
      { writer: undefined, opening: undefined },
      entry(1, { type: 'files-claimed', turn: 'T', step: 'P' } as unknown as Event),
    );
    expect(writer.entries).toBe(1);
    expect(changes).toMatchObject([
      { table: 'problems', row: { text: /files-claimed has another/ } },
    ]);
  });
});
