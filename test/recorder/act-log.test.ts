/** What is kept as evidence with a checkpoint, event by event. */
import { describe, expect, test } from 'vitest';
import type { Event } from '../../src/contract/types.gen.ts';
import { openActLog } from '../../src/recorder/act-log.ts';
import type { Reach } from '../../src/undo/act.ts';

const started = (step: string, kind?: string, more: object = {}): Event => ({
  type: 'step-started',
  turn: 't',
  step,
  kind: 'tool',
  tool: { call: step, announced: true, ...(kind === undefined ? {} : { kind }) },
  ...more,
});
const claimed = (step: string, ...paths: string[]): Event => ({
  type: 'files-claimed',
  turn: 't',
  step,
  claims: paths.map((path) => ({ path: `/w/${path}`, operation: 'modify', source: 'diff' })),
});
const read = (step: string, path: string): Event => ({
  type: 'files-claimed',
  turn: 't',
  step,
  claims: [{ path: `/w/${path}`, operation: 'read', source: 'location' }],
});
const ended = (step: string): Event => ({
  type: 'step-ended',
  step,
  outcome: 'completed',
  afterMs: 1,
});
const clock = { now: () => 9_000, mono: () => 0, heard: () => 0 };
const changed = (step: string, more: object): Event => ({ type: 'step-changed', step, ...more });
const asked = (on: string): Event => ({
  type: 'permission-asked',
  turn: 't',
  step: `q ${on}`,
  on,
  choices: [],
});
const late = { late: true };

/** Asks for the acts here; looked: which files the checkpoint had a look at, where it was taken. */
type Look = { held?: string[]; looked?: string[] | 'all' | 'not taken' };
type Told = [step: string, reach: Reach, ...paths: string[]];
type Case = { name: string; story: (Event | Look)[]; told: Told[][] };

const cases: Case[] = [
  {
    name: 'an edit names its files, and may have removed others',
    story: [started('e', 'edit'), claimed('e', 'a', 'b'), ended('e'), {}],
    told: [[['e', 'removals', 'a', 'b']]],
  },
  {
    name: 'a command may have changed anything, also before it ends',
    story: [started('c', 'execute'), {}, ended('c'), {}],
    told: [[['c', 'anything']], [['c', 'anything']]],
  },
  {
    name: 'an edit that names no file may have changed anything',
    story: [started('e', 'edit'), ended('e'), {}],
    told: [[['e', 'anything']]],
  },
  {
    name: 'a tool of no known kind may have changed anything',
    story: [started('x'), ended('x'), {}],
    told: [[['x', 'anything']]],
  },
  {
    name: 'a kind that becomes known later counts',
    story: [started('x'), changed('x', { toolKind: 'read' }), read('x', 'a'), ended('x'), {}],
    told: [[]],
  },
  {
    name: 'who reads changes nothing',
    story: [started('r', 'read'), read('r', 'a'), ended('r'), {}],
    told: [[]],
  },
  {
    name: 'who thinks and yet claims a file is held to that file',
    story: [started('r', 'think'), claimed('r', 'a'), ended('r'), {}],
    told: [[['r', 'named', 'a']]],
  },
  {
    name: 'a file outside of the workspace is none',
    story: [started('e', 'edit'), claimed('e', '../x'), ended('e'), {}],
    told: [[['e', 'anything']]],
  },
  {
    name: 'a message writes nothing',
    story: [started('m', undefined, { kind: 'message', tool: undefined }), ended('m'), {}],
    told: [[]],
  },
  {
    name: 'after a look at everything it is settled',
    story: [started('c', 'execute'), ended('c'), { looked: 'all' }, {}],
    told: [[['c', 'anything']], []],
  },
  {
    name: 'what still runs is not',
    story: [started('c', 'execute'), { looked: 'all' }, {}],
    told: [[['c', 'anything']], [['c', 'anything']]],
  },
  {
    name: 'a checkpoint that was not taken settles nothing',
    story: [started('c', 'execute'), ended('c'), { looked: 'not taken' }, {}],
    told: [[['c', 'anything']], [['c', 'anything']]],
  },
  {
    name: 'after a look at its files an edit answers for what it removed, and for them no more',
    story: [started('e', 'edit'), claimed('e', 'a', 'b'), ended('e'), { looked: ['a'] }, {}],
    told: [[['e', 'removals', 'a', 'b']], [['e', 'removals', 'b']]],
  },
  {
    name: 'who has announced a write that is held has not made it',
    story: [started('e', 'edit'), claimed('e', 'a', 'b'), { held: ['a'] }, {}],
    told: [[['e', 'removals', 'b']], [['e', 'removals', 'a', 'b']]],
  },
  {
    name: 'nor has a command that waits for permission done anything, until it is heard of again',
    story: [started('c', 'execute'), asked('c'), { held: [] }, {}, changed('c', {}), { held: [] }],
    told: [[], [['c', 'anything']], [['c', 'anything']]],
  },
  {
    name: 'but who wrote the file once already has',
    story: [
      started('e', 'edit'),
      claimed('e', 'a'),
      { type: 'file-written', turn: 't', step: 'e', path: '/w/a' } as Event,
      { held: ['a'] },
    ],
    told: [[['e', 'removals', 'a']]],
  },
  {
    name: 'and so has who has ended',
    story: [started('e', 'edit'), claimed('e', 'a'), ended('e'), { held: ['a'] }],
    told: [[['e', 'removals', 'a']]],
  },
  {
    name: 'a write of no step is the turn’s',
    story: [{ type: 'file-written', turn: 't', path: '/w/a' } as Event, {}],
    told: [[['t', 'removals', 'a']]],
  },
  {
    name: 'a command that outlived its turn answers for what it does then',
    story: [
      started('c', 'execute'),
      ended('c'),
      { looked: 'all' },
      changed('c', { status: 'completed', ...late }),
      {},
    ],
    told: [[['c', 'anything']], [['c', 'anything']]],
  },
  {
    name: 'an edit that is only spoken of again does not',
    story: [
      started('e', 'edit'),
      claimed('e', 'a'),
      ended('e'),
      { looked: 'all' },
      changed('e', { status: 'completed', ...late }),
      {},
    ],
    told: [[['e', 'removals', 'a']], []],
  },
];

describe('the acts of a checkpoint', () => {
  test.each(cases)('$name', ({ story, told }) => {
    const log = openActLog('s', {
      inside: (path) =>
        path.startsWith('/w/') && !path.includes('..') ? path.slice(3) : undefined,
      textOf: () => undefined,
      clock,
    });
    const found: Told[][] = [];
    for (const it of story) {
      if ('type' in it) {
        log.read(it);
        continue;
      }
      const pending = log.pending(it.held);
      found.push(
        pending.acts.map(({ by, reach, paths }) => ['step' in by ? by.step : '', reach, ...paths]),
      );
      if (it.looked === 'all') pending.settle(undefined);
      else if (Array.isArray(it.looked)) pending.settle(it.looked);
      pending.release();
    }
    expect(found).toEqual(told);
  });
});

test('a look at everything under way accounts for what a later one before a write need not', () => {
  const log = openActLog('s', { inside: (path) => path, textOf: () => undefined, clock });
  log.read(started('c', 'execute'));
  log.read(ended('c'));
  const whole = log.pending();
  expect(log.pending(['a']).acts).toEqual([]);
  whole.release();
  expect(log.pending(['a']).acts).toHaveLength(1);
});

test.each([
  [
    'an edit',
    [started('e', 'edit'), claimed('e', 'a')],
    { paths: ['a'], reach: 'removals', isLate: false },
  ],
  ['a command', [started('e', 'execute')], { paths: [], reach: 'anything', isLate: false }],
  ['a late one', [started('e', 'execute', late)], { paths: [], reach: 'anything', isLate: true }],
  ['a look', [started('e', 'read')], undefined],
])('the end of %s is told, if it can have written', (_name, story, told) => {
  const log = openActLog('s', { inside: (path) => path.slice(3), textOf: () => undefined, clock });
  for (const it of story) log.read(it);
  const end = log.read(ended('e'));
  if (told === undefined) expect(end).toBeUndefined();
  else expect(end).toEqual({ turn: 't', step: 'e', ...told });
});

describe('what a claim told', () => {
  const [old, made] = ['a'.repeat(40), 'b'.repeat(40)];
  const texts = new Map([
    [old, 'one'],
    [made, 'two'],
  ]);
  const open = () =>
    openActLog('s', { inside: (path) => path.slice(3), textOf: (blob) => texts.get(blob), clock });
  const tell = (step: string, claim: object): Event => ({
    type: 'files-claimed',
    turn: 't',
    step,
    claims: [{ path: '/w/f', operation: 'modify', source: 'diff', ...claim }],
  });

  test('goes on where a look is not kept, and without a claim to the file: the one before may have seen it', () => {
    const log = open();
    log.read(started('e', 'edit'));
    log.read(tell('e', { before: old, after: made }));
    log.read(ended('e'));
    log.pending().settle(undefined, true);
    const next = log.pending();
    expect(next.acts).toMatchObject([
      { by: { step: 'e' }, paths: [], reach: 'named', told: [{ path: 'f', before: old }] },
    ]);
    expect(next.texts).toEqual(['one', 'two']);
    next.settle(undefined);
    expect(log.pending().acts).toEqual([]);
  });

  test('goes with its texts, once, and until a checkpoint has looked at the file', () => {
    const log = open();
    log.read(started('e', 'edit'));
    log.read(tell('e', { before: old, after: made }));
    log.read(tell('e', { before: old, after: made, source: 'permission' }));
    const pending = log.pending();
    expect(pending.acts[0]?.told).toEqual([{ path: 'f', before: old, after: made }]);
    expect(pending.texts).toEqual(['one', 'two']);
    log.read(ended('e'));
    log.pending().settle(['f']);
    expect(log.pending().texts).toEqual([]);
  });

  test('is left out where a text is not at hand: half a claim would be another claim', () => {
    const log = open();
    log.read(started('e', 'edit'));
    log.read(tell('e', { before: 'c'.repeat(40), after: made }));
    expect(log.pending().acts).toEqual([
      { by: { session: 's', turn: 't', step: 'e' }, paths: ['f'], reach: 'removals', since: 8_750 },
    ]);
  });
});
