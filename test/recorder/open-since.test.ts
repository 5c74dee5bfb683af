/** Since when a tool call can have done something: cases of what was heard, and when. */
import { expect, test } from 'vitest';
import type { Event } from '../../src/contract/types.gen.ts';
import { openSinceLog } from '../../src/recorder/open-since.ts';

const turn: Event = { type: 'turn-started', turn: 't', origin: 'prompt' };
const said = (kind: 'message' | 'thought' | 'tool'): Event => ({
  type: 'step-started',
  turn: 't',
  step: kind,
  kind,
});
const usage = { type: 'usage-told' } as unknown as Event;

/** Moments since the first: an event heard then, the call's beginning, its end, or when it is asked about. */
type Tale = readonly (readonly [atMs: number, what: Event | 'begin' | 'end' | 'ask'])[];
type Case = {
  name: string;
  tale: Tale;
  jump?: readonly [atMs: number, byMs: number];
  since?: number;
};

const cases: Case[] = [
  {
    name: 'a call that goes on was told of before it was done, but for a while',
    tale: [
      [0, turn],
      [5_000, 'begin'],
      [5_500, 'ask'],
    ],
    since: 4_750,
  },
  {
    name: 'and so was one that took its time',
    tale: [
      [0, turn],
      [5_000, 'begin'],
      [5_100, 'end'],
      [9_000, 'ask'],
    ],
    since: 4_750,
  },
  {
    name: 'one that ends at once may have been told of when it was done: what was said before it counts',
    tale: [
      [0, turn],
      [3_000, said('message')],
      [5_000, 'begin'],
      [5_001, 'end'],
      [5_002, 'ask'],
    ],
    since: 2_970,
  },
  {
    name: 'and not what came in together with it, nor what an agent tells at any time, nor other calls',
    tale: [
      [0, turn],
      [1_000, said('thought')],
      [2_000, said('tool')],
      [3_000, usage],
      [5_000, said('message')],
      [5_000, 'begin'],
      [5_001, 'end'],
      [5_002, 'ask'],
    ],
    since: 970,
  },
  {
    name: 'where nothing was said before, nothing is known',
    tale: [
      [0, 'begin'],
      [1, 'end'],
      [2, 'ask'],
    ],
  },
  {
    name: 'nor where the clock was set back since',
    tale: [
      [0, turn],
      [5_000, 'begin'],
      [6_000, 'ask'],
    ],
    jump: [5_500, -3_600_000],
  },
  {
    name: 'or forward',
    tale: [
      [0, turn],
      [5_000, 'begin'],
      [6_000, 'ask'],
    ],
    jump: [5_500, 60],
  },
  {
    name: 'a clock that was set before tells the time by which files are stamped now',
    tale: [
      [0, turn],
      [5_000, 'begin'],
      [6_000, 'ask'],
    ],
    jump: [4_000, -3_600_000],
    since: 4_750 - 3_600_000,
  },
];

test.each(cases)('$name', ({ tale, jump = [Number.POSITIVE_INFINITY, 0], since }) => {
  const first = 1_700_000_000_000;
  let mono = 0;
  const clock = {
    now: () => first + mono + (mono < jump[0] ? 0 : jump[1]),
    mono: () => mono,
    heard: () => mono,
  };
  const log = openSinceLog(clock);
  let call: ReturnType<typeof log.begin> | undefined;
  let told: number | undefined;
  for (const [atMs, what] of tale) {
    mono = atMs;
    if (what === 'begin') call = log.begin();
    else if (what === 'end') call?.end();
    else if (what === 'ask') told = call?.since(clock);
    else log.read(what);
  }
  expect(told === undefined ? undefined : told - first).toBe(since);
});
