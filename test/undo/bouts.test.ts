/** Which acts may have made a change, asked of the rules themselves: who was at it, in which windows, and when. */
import { expect, test } from 'vitest';
import type { Act, Reach } from '../../src/undo/act.ts';
import {
  type Bout,
  isAfterGap,
  isEarlier,
  isLater,
  isOfRights,
  listBouts,
  listLate,
  listNaming,
  type Marked,
} from '../../src/undo/bouts.ts';

const act = (session: string, since?: number, paths: string[] = [], reach: Reach = 'anything') => ({
  by: { session, turn: 't', step: `of ${session}` },
  paths,
  reach,
  ...(since === undefined ? {} : { since }),
});
/** One of a session; nobody's where that is left out. */
const look = (id: string, session = '', acts: readonly Act[] = [], more: Partial<Marked> = {}) => ({
  id,
  marks: session === '' ? {} : { session },
  acts,
  ...more,
});
const tell = (bouts: readonly Bout[] | undefined) =>
  bouts?.map(({ acts, windows }) => [
    ...acts.map(({ by }) => ('step' in by ? by.step : by.undo)),
    ...windows,
  ]);

test('the first checkpoint of a session tells of what was done since the one before it, and of nothing earlier', () => {
  const bouts = listBouts([look('c0'), look('c1'), look('c2', 's', [act('s')]), look('c3', 's')]);
  expect([...bouts.values()].map(tell)).toEqual([[], [], [['of s', 'c2']], []]);
});

test('all that began in the midst of a look are late to it', () => {
  const late = listLate([
    look('c0', '', [], { looked: 10 }),
    look('c1', '', [], { looked: 100 }),
    look('c2', 's', [act('s', 50)], { looked: 200 }),
    look('c3', 'r', [act('r', 60), act('r', 250)], { looked: 300 }),
  ]);
  expect([...late.keys()].sort()).toEqual(['c1', 'c2']);
  expect(tell(late.get('c1'))).toEqual([
    ['of s', 'c1', 'c2'],
    ['of r', 'c1', 'c2', 'c3'],
  ]);
  expect(tell(late.get('c2'))).toEqual([['of r', 'c2', 'c3']]);
});

test('where a clock was set back, looks before that are not asked', () => {
  const late = listLate([
    look('c0', '', [], { looked: 900 }),
    look('c1', '', [], { looked: 1_000 }),
    look('c2', '', [], { looked: 500 }),
    look('c3', 's', [act('s', 600)], { looked: 700 }),
  ]);
  expect([...late]).toEqual([]);
});

test('nothing is known before the first checkpoint that is left, nor across a number that is missing', () => {
  const numbered = [{ number: 4 }, { number: 5 }, { number: 7 }];
  expect([0, 1, 2].map((place) => isAfterGap(numbered, place))).toEqual([true, false, true]);
  // Earlier versions gave none.
  expect([0, 1].map((place) => isAfterGap([{}, {}], place))).toEqual([true, false]);
});

test('the least that is known of when a file was touched acquits nobody, and the most convicts nobody', () => {
  const seen: Pick<Marked, 'looked' | 'early'> = {
    looked: 300,
    early: [
      ['least', 120, 'at-least'],
      ['most', 120],
    ],
  };
  const began = { since: 150 };
  expect(['least', 'most'].map((path) => isEarlier(seen, path, began))).toEqual([false, true]);
  const before = { since: 100 };
  expect(['least', 'most'].map((path) => isLater(seen, path, before))).toEqual([true, false]);
});

test('what nobody knows is no change of rights', () => {
  expect(isOfRights({ path: 'f', unknown: 'before' })).toBe(false);
  expect(isOfRights({ path: 'f' })).toBe(true);
});

test('as many as name a path account for so many of its changes, the last ones; a command for all', () => {
  const at = { id: 'c1', changedAt: new Map([['f', new Set(['c1', 'c2'])]]) };
  const bout = (reach: Reach) => ({ acts: [act('s', 0, ['f'], reach)], windows: ['c1', 'c2'] });
  expect(listNaming(bout('named'), 'f', at)).toEqual([]);
  expect(listNaming(bout('named'), 'f', { ...at, id: 'c2' })).toHaveLength(1);
  expect(listNaming(bout('anything'), 'f', at)).toHaveLength(1);
});
