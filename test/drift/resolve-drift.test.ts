/** Each decision about a session whose ground has moved does what it says, and nothing else. */
import { expect, test } from 'vitest';
import type { Ground } from '../../src/contract/types.gen.ts';
import type { SessionGround } from '../../src/drift/ground.ts';
import { type Decision, listReread, resolveDrift } from '../../src/drift/resolve-drift.ts';
import { compileSchema } from '../../src/methods/validate.ts';

const id = (letter: string) => letter.repeat(40);
const before: Ground = { worktree: '/p', branch: 'topic', head: id('a') };
const after: Ground = { worktree: '/p', branch: 'main', head: id('b') };
const kept: SessionGround = {
  ...{ v: 1, session: 'S', agentSession: 's', run: 'R', ground: after, count: 3 },
  files: [
    ['a', { known: 'read', blob: id('1') }],
    ['b', { known: 'edited', blob: id('2') }],
    ['c', { known: 'read', blob: id('3') }],
  ],
  open: {
    ...{ drift: 'D', level: 'alert', before, after, reasons: ['files-differ'], causes: [] },
    files: [
      { path: 'a', known: 'read', now: 'changed' },
      { path: 'b', known: 'edited', now: 'removed' },
    ],
    was: [['a', { known: 'read', blob: id('0') }]],
  },
  owed: 'words',
};
const disk: Record<string, string | null> = { a: id('7'), b: null, c: id('3') };

async function decide(how: Decision['how'], more: Partial<Decision> = {}, from = kept) {
  const done = resolveDrift(from, {
    ...{ how, ground: after, count: 5, blobOf: (path: string) => disk[path], ...more },
  });
  if ('refused' in done) return done;
  const check = await compileSchema('event/drift-resolved');
  expect([check(done.event), check.errors]).toEqual([true, null]);
  return done;
}

test.each(['fork', 'fast-forward', 'rebuild', 'ignore'] as const)(
  '%s: told, and over',
  async (how) => {
    const done = await decide(how);
    expect(done).toMatchObject({
      event: { drift: 'D', how, before, after, files: kept.open?.files },
      kept: { ground: after, count: 5 },
    });
    expect('kept' in done && done.kept.open).toBe(undefined);
  },
);

test.each(['fork', 'fast-forward'] as const)('%s: what is there is what it knows', async (how) => {
  const done = await decide(how);
  expect(done).toMatchObject({
    kept: {
      files: [
        ['a', { known: 'read', blob: id('7') }],
        ['b', { known: 'edited', blob: null }],
        ['c', { known: 'read', blob: id('3') }],
      ],
    },
  });
  expect('kept' in done && done.kept.owed).toBe(undefined);
});

test('rebuild: those that differ are no longer known, and the agent is owed their names', async () => {
  const done = await decide('rebuild');
  expect(done).toMatchObject({ kept: { files: [['c', { known: 'read', blob: id('3') }]] } });
  const { owed = '' } = 'kept' in done ? done.kept : {};
  expect(owed).toContain('Read these files again');
  expect(owed).toContain('- a (changed)\n- b (removed)\n');
  expect(listReread(kept.open?.files ?? [])).toEqual(['a']);
});

test('ignore: what it knows stays, and the agent is owed nothing', async () => {
  const done = await decide('ignore');
  expect('kept' in done && [done.kept.files, done.kept.owed]).toEqual([kept.files, undefined]);
});

test('a fork needs another branch, and everything but to ignore needs an end of what is going on', async () => {
  expect(await decide('fork', { ground: { ...after, branch: 'topic' } })).toEqual({
    refused: 'it is on topic already: there is no other branch to fork to',
  });
  const { branch: _branch, ...detached } = after;
  expect(await decide('fork', { ground: detached })).toHaveProperty('refused');
  const ground: Ground = { ...after, operation: 'rebase' };
  for (const how of ['fork', 'fast-forward', 'rebuild'] as const)
    expect(await decide(how, { ground })).toHaveProperty('refused');
  expect(await decide('ignore', { ground })).not.toHaveProperty('refused');
});
