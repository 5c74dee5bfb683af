/** What a session is told when it looks at its repository again: nothing, a word, or an alert, and once. */
import { expect, test } from 'vitest';
import type { Actor, FileDrift, Ground } from '../../src/contract/types.gen.ts';
import type { RepoEvent } from '../../src/drift/fold-moves.ts';
import type { KnownFile, SessionGround } from '../../src/drift/ground.ts';
import { meetGround, type Sight } from '../../src/drift/meet-ground.ts';
import { compileSchema } from '../../src/methods/validate.ts';

const run = '01K5A0000000000000000WRTR1';
const id = (letter: string) => letter.repeat(40);
const place = (
  branch: string | undefined,
  head: string,
  operation?: Ground['operation'],
): Ground => ({
  worktree: '/p',
  ...(branch === undefined ? {} : { branch }),
  head: id(head),
  ...(operation === undefined ? {} : { operation }),
});
const nobody: Actor = { kind: 'unknown' };
const own: Actor = { kind: 'own', run };
const person: Actor = { kind: 'person' };

const head = (cause: RepoEvent['cause'], actor = nobody, more = {}): RepoEvent =>
  ({ type: 'head-moved', cause, actor, heard: actor !== nobody, ...more }) as RepoEvent;
const stash = (cause: 'pushed' | 'dropped'): RepoEvent => ({
  ...{ type: 'stash-changed', cause, commits: [id('e')], actor: nobody },
});

const topic = place('topic', 'a');
const files: SessionGround['files'] = [
  ['read.ts', { known: 'read', blob: id('1') }],
  ['edited.ts', { known: 'edited', blob: id('2') }],
  ['new.ts', { known: 'read', blob: null }],
];
const kept: SessionGround = {
  ...{ v: 1, session: 'S', agentSession: 's', run, ground: topic, count: 0, files },
};
const disk = (changed: Record<string, string | null> = {}) => {
  const there = new Map<string, string | null>([
    ...files.map(([path, { blob }]: readonly [string, KnownFile]) => [path, blob] as const),
    ...Object.entries(changed),
  ]);
  return (path: string) => there.get(path);
};

type Scene = Partial<Omit<Sight, 'look' | 'recent' | 'count'>> & {
  events?: readonly RepoEvent[];
  kept?: SessionGround;
  descends?: boolean;
  gone?: boolean;
  count?: number;
};

function meet(ground: Ground, scene: Scene = {}) {
  const { events = [], descends, gone = false, kept: before = kept, count, ...rest } = scene;
  return meetGround(before, {
    ...{ ground, count: count ?? before.count + events.length, recent: events },
    isOwn: ({ actor }) => actor.run === run,
    look: () => ({ descends, isBranchGone: gone, defaultBranch: 'main' }),
    ...{ blobOf: disk(), drift: 'D1', isAtWork: false, ...rest },
  });
}

/** Level and reasons, or nothing. */
const tell = ({ found }: ReturnType<typeof meet>) =>
  found === undefined ? '' : [found.level, ...found.reasons].join(' ');

test.each<[name: string, after: Ground, scene: Scene, told: string]>([
  ['nothing happened', topic, {}, ''],
  ['files changed without git', topic, { blobOf: disk({ 'read.ts': id('9') }) }, ''],
  ['the agent committed', place('topic', 'b'), { events: [head('commit', own)] }, ''],
  ['the agent switched to main', place('main', 'b'), { events: [head('checkout', own)] }, ''],
  [
    'somebody committed other files',
    place('topic', 'b'),
    { events: [head('commit', person)], descends: true },
    '',
  ],
  [
    'somebody pulled, and a file that it read came along',
    place('topic', 'b'),
    { events: [head('pull')], descends: true, blobOf: disk({ 'read.ts': id('9') }) },
    'alert files-differ head-moved',
  ],
  [
    'somebody committed another version, and nobody saw who',
    place('topic', 'b'),
    { events: [head('commit')], descends: true, blobOf: disk({ 'read.ts': id('9') }) },
    'alert files-differ head-moved',
  ],
  [
    'somebody took a file away and committed',
    place('topic', 'b'),
    { events: [head('commit', person)], descends: true, blobOf: disk({ 'edited.ts': null }) },
    'alert files-differ head-moved',
  ],
  [
    'a branch was made here and checked out',
    place('other', 'a'),
    { events: [head('checkout')], descends: true },
    'notice branch-switched',
  ],
  [
    'HEAD was detached where it was',
    place(undefined, 'a'),
    { events: [head('checkout')], descends: true },
    'notice branch-switched',
  ],
  [
    'somebody switched to the default branch',
    place('main', 'a'),
    { events: [head('checkout')], descends: true },
    'alert on-default-branch branch-switched',
  ],
  [
    'somebody rebased',
    place('topic', 'b'),
    { events: [head('rebase')], descends: false },
    'alert base-gone head-moved',
  ],
  [
    'somebody reset',
    place('topic', 'b'),
    { events: [head('reset')], descends: false, blobOf: disk({ 'edited.ts': id('9') }) },
    'alert files-differ base-gone head-moved',
  ],
  [
    'the branch was deleted',
    place('other', 'b'),
    { events: [head('checkout')], descends: true, gone: true },
    'alert branch-deleted branch-switched',
  ],
  [
    'the branch got another name',
    place('other', 'a'),
    { events: [head('rename', nobody, { fromBranch: 'topic' })], descends: true, gone: true },
    'notice branch-switched',
  ],
  [
    'what it edited was stashed',
    topic,
    { events: [stash('pushed')], blobOf: disk({ 'edited.ts': id('9') }) },
    'alert files-differ',
  ],
  ['something else was stashed', topic, { events: [stash('pushed')] }, ''],
  [
    'forth and back, and nothing is different',
    topic,
    { events: [head('checkout'), head('checkout')], descends: true },
    '',
  ],
  [
    'a file came up that was not there',
    place('topic', 'b'),
    { events: [head('merge')], descends: true, blobOf: disk({ 'new.ts': id('9') }) },
    'alert files-differ head-moved',
  ],
  [
    'its history cannot be read that far',
    place('topic', 'b'),
    { events: [head('reset')] },
    'notice head-moved',
  ],
  [
    'it moved and nobody knows how',
    place('topic', 'b'),
    { events: [], descends: false },
    'alert base-gone head-moved',
  ],
  [
    'more happened than is known, and some of it was its own',
    place('topic', 'b'),
    { events: [head('commit', own)], count: 200, descends: false },
    'alert base-gone head-moved',
  ],
  [
    'a rebase is going on',
    place('topic', 'b', 'rebase'),
    { events: [head('commit')], descends: false, blobOf: disk({ 'read.ts': null }) },
    '',
  ],
  [
    'the agent was at work, and nobody saw who committed what is there',
    place('topic', 'b'),
    {
      events: [head('commit')],
      descends: true,
      isAtWork: true,
      blobOf: disk({ 'read.ts': id('9') }),
    },
    '',
  ],
  [
    'the agent was at work, and a person committed another version',
    place('topic', 'b'),
    {
      ...{ events: [head('commit', person)], descends: true, isAtWork: true },
      blobOf: disk({ 'read.ts': id('9') }),
    },
    'alert files-differ head-moved',
  ],
  [
    'the agent was at work, and somebody pulled',
    place('topic', 'b'),
    {
      events: [head('pull')],
      descends: true,
      isAtWork: true,
      blobOf: disk({ 'read.ts': id('9') }),
    },
    'alert files-differ head-moved',
  ],
])('%s', async (_, after, scene, told) => {
  const met = meet(after, scene);
  expect(tell(met)).toBe(told);
  for (const event of met.events) {
    const check = await compileSchema(`event/${event.type}`);
    expect([check(event), check.errors]).toEqual([true, null]);
  }
  // What was told once is not told again.
  const blobOf = scene.blobOf ?? disk();
  const count = met.kept.count;
  if (after.operation === undefined)
    expect(meet(after, { kept: met.kept, count, descends: true, blobOf }).events).toEqual([]);
});

test('an alert names the files, and who did what', () => {
  const { found, events } = meet(place('main', 'b'), {
    events: [
      { type: 'branch-moved', branch: 'x', cause: 'created', actor: nobody },
      head('checkout', person, { fromBranch: 'topic', branch: 'main', message: 'm' }),
    ],
    ...{ descends: false, turn: 'T1' },
    blobOf: disk({ 'read.ts': id('9'), 'edited.ts': null, 'new.ts': id('9') }),
  });
  const named: FileDrift[] = [
    { path: 'read.ts', known: 'read', now: 'changed' },
    { path: 'edited.ts', known: 'edited', now: 'removed' },
    { path: 'new.ts', known: 'read', now: 'appeared' },
  ];
  expect(found).toMatchObject({ files: named, before: topic, after: place('main', 'b') });
  expect(found?.causes).toEqual([
    {
      ...{ what: 'head-moved', cause: 'checkout', actor: person },
      ...{ fromBranch: 'topic', branch: 'main', message: 'm' },
    },
  ]);
  expect(events).toEqual([{ type: 'drift-found', found, turn: 'T1' }]);
});

test('the end of an operation is judged by what was known before it', () => {
  const held = meet(place('topic', 'a', 'rebase'), { events: [] });
  expect(held).toEqual({ kept, events: [] });
  const over = meet(place('topic', 'b'), {
    kept: held.kept,
    events: [head('rebase')],
    ...{ descends: false, blobOf: disk({ 'read.ts': id('9') }) },
  });
  expect(tell(over)).toBe('alert files-differ base-gone head-moved');
});

test('an alert that nobody resolved goes on in the next, and what was known is what was known at first', () => {
  const first = meet(place('main', 'b'), {
    events: [head('checkout')],
    ...{ descends: true, blobOf: disk({ 'read.ts': id('8') }) },
  });
  const second = meet(place('other', 'c'), {
    ...{ kept: first.kept, events: [head('checkout')], drift: 'D2', descends: true },
    blobOf: disk({ 'read.ts': id('7'), 'edited.ts': id('9') }),
  });
  expect(second.events).toMatchObject([{ type: 'drift-found', replaces: 'D1' }]);
  expect(second.kept.open).toMatchObject({
    drift: 'D2',
    before: topic,
    after: place('other', 'c'),
  });
  expect(second.kept.open?.files.map((it) => it.path)).toEqual(['read.ts', 'edited.ts']);
  const back = meet(topic, { kept: second.kept, events: [head('checkout')], descends: true });
  expect(back.events.at(-1)).toMatchObject({
    type: 'drift-resolved',
    drift: 'D2',
    how: 'returned',
  });
  expect(back.kept.open).toBe(undefined);
  expect(back.kept.owed).toBe(undefined);
});

test('who comes back to other files has not returned', () => {
  const away = meet(place('other', 'b'), {
    events: [head('checkout')],
    ...{ descends: true, blobOf: disk({ 'read.ts': id('8') }) },
  });
  const back = meet(topic, {
    ...{ kept: away.kept, events: [head('checkout')], descends: true },
    blobOf: disk({ 'read.ts': id('8') }),
  });
  expect(tell(back)).toBe('notice branch-switched');
  expect(back.kept.open?.drift).toBe('D1');
});

test('of very many files the first are named, and the rest is counted', () => {
  const many: SessionGround['files'] = Array.from({ length: 250 }, (_, n) => [
    `f${n}`,
    { known: 'read', blob: id('1') },
  ]);
  const { found } = meet(place('main', 'b'), {
    kept: { ...kept, files: many },
    events: [head('checkout')],
    ...{ descends: true, blobOf: () => null },
  });
  expect([found?.files.length, found?.filesLeftOut]).toEqual([100, 150]);
});
