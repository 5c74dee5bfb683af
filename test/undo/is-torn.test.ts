/** Whether checkpoints are gone that would tell what a scope did: a number missing where it matters, or its beginning. */
import { describe, expect, test } from 'vitest';
import type { Marked } from '../../src/undo/bouts.ts';
import type { Scope } from '../../src/undo/gather-edits.ts';
import { isTorn, lacksBeginning } from '../../src/undo/is-torn.ts';

/** `number session/turn reason`; a `!` says that it tells of an act of that turn. */
function read(text: string): Marked {
  const [number = '', who = '', reason = ''] = text.replace('!', '').split(' ');
  const [session = '', turn = ''] = who.split('/');
  const by = { session, turn, step: 'k' };
  return {
    id: idOf(Number(number)),
    marks: {
      ...(session && { session }),
      ...(turn && { turn }),
      ...(reason && { reason }),
    } as Record<string, string>,
    acts: text.includes('!') ? [{ by, paths: [], reach: 'anything' }] : [],
    number: Number(number),
  };
}

/** Made at the time that a checkpoint of this number was taken, or between two. */
const idOf = (number: number) => `01${String(number * 10).padStart(24, '0')}`;
type Tale = readonly [name: string, isIt: boolean, looks: readonly string[]];
const t2: Scope = { kind: 'turn', id: 't2' };

describe('of a turn', () => {
  const tales: readonly Tale[] = [
    ['all are there', false, ['1 s/t1', '2 s/t2', '3 s/t2!', '4 s/t3!']],
    ['one in the midst of it is gone', true, ['1 s/t1', '2 s/t2', '4 s/t2!']],
    ['the last but one is gone', true, ['2 s/t2', '3 s/t2!', '5 s/t2!']],
    ['one is gone after it', false, ['1 s/t2', '2 s/t2!', '5 s/t3!']],
    ['one is gone before it began', false, ['1 r/t1', '4 s/t2', '5 s/t2!']],
    ['what its first acts met is gone', true, ['1 s/t1', '3 s/t2!']],
    ['what they met is gone, of others', true, ['1 s/t1', '2 r/t9', '4 r/t9', '5 s/t2!']],
    [
      'what was gone, the one before it of its session had seen',
      false,
      ['1 s/t1', '3 s/t1', '4 s/t2!'],
    ],
    ['the first of its session, behind one that is gone', true, ['1 r/t1', '3 s/t2!']],
    ['the first of its session', false, ['1 r/t1', '4 r/t1', '5 s/t2!']],
    ['nothing is left before its first acts', true, ['3 s/t2!', '4 s/t2!']],
    ['no checkpoint is of it', false, ['1 s/t1', '3 s/t3!']],
  ];
  test.each(tales)('%s: %s', (_, isIt, looks) => {
    expect(isTorn(looks.map(read), t2)).toBe(isIt);
  });
});

test('what is missing at its beginning makes it torn too', () => {
  const id = idOf(2);
  const looks = [`4 s/${id}`, `5 s/${id}!`].map(read);
  expect(isTorn(looks, { kind: 'turn', id })).toBe(true);
  // An id that was not made here says nothing about time.
  const other = ['4 s/0-0', '5 s/0-0!'].map(read);
  expect(isTorn(other, { kind: 'turn', id: '0-0' })).toBe(false);
});

test('a step is where its act is told of, whatever that checkpoint is named after', () => {
  const looks = ['1 s/t1', '3 s/t2!'].map(read);
  expect(isTorn(looks, { kind: 'step', id: 'k' })).toBe(true);
});

describe('the beginning is there', () => {
  const began = idOf(2.5);
  const tales: readonly Tale[] = [
    ['where the first says so', false, [`4 s/${began} prompt`, `5 s/${began}!`]],
    ['where the first was taken for something else, it is not', true, [`4 s/${began} tool`]],
    ['nor where the reason is that of a session', true, [`4 s/${began} opened`]],
    ['where one from before it is left', false, ['2 r/t1', '3 r/t1', `4 s/${began} tool`]],
    ['where all since then is left, it is not', true, ['2 r/t1', '4 r/t1', `5 s/${began} tool`]],
    [
      'where one is left, whatever is gone later',
      false,
      ['2 r/t1', `3 s/${began} tool`, `7 s/${began}`],
    ],
    ['where nothing was ever taken before', false, [`1 s/${idOf(0.5)} tool`]],
  ];
  test.each(tales)('%s: %s', (_, lacks, looks) => {
    const id = looks.at(-1)?.includes(began) ? began : idOf(0.5);
    expect(lacksBeginning(looks.map(read), { kind: 'turn', id })).toBe(lacks);
  });

  test('of a session its own reason says so', () => {
    const [id, other] = [idOf(2.5), idOf(2.6)];
    const looks = [`4 ${id} opened`, `5 ${other} prompt`].map(read);
    expect(lacksBeginning(looks, { kind: 'session', id })).toBe(false);
    expect(lacksBeginning(looks, { kind: 'session', id: other })).toBe(true);
    // An undo has one of its own right before it, whatever else is gone.
    const undo = { ...looks[0], marks: { undo: id, reason: 'undone' } } as Marked;
    expect(lacksBeginning([undo], { kind: 'undo', id })).toBe(false);
  });
});
