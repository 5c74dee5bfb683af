/** task/promote: what an agent planned becomes tasks of the project, with where it comes from. */
import { expect, test } from 'vitest';
import type { PlanEntry } from '../../../src/contract/types.gen.ts';
import { ask, openAt } from '../recorded.ts';
import { first, recordPlans, second, session } from './planned.ts';

test('what is open and still planned, in the order of the plan', async () => {
  const context = openAt(recordPlans(first, second));
  const { made, promoted, skipped } = await ask(context, 'task/promote', {
    session: '@last',
    by: 'ada',
  });
  expect([made, skipped]).toEqual([true, []]);
  expect(promoted).toMatchObject([
    {
      title: 'Test the parser',
      status: 'open',
      created: { by: 'ada' },
      origin: { session },
      evidence: { sessions: [session] },
    },
    { title: 'Ship', status: 'open', dependsOn: [] },
  ]);
});

test('once only', async () => {
  const context = openAt(recordPlans(first, second));
  const { promoted } = await ask(context, 'task/promote', { session });
  const again = await ask(context, 'task/promote', { session });
  expect([again.made, again.promoted]).toEqual([false, []]);
  expect(again.skipped.map((it) => it.task)).toEqual(promoted.map((it) => it.id));
  const { entries = [] } = await ask(context, 'task/list', { session });
  expect(entries.map((it) => it.promoted)).toEqual([
    undefined,
    undefined,
    ...promoted.map((it) => it.id),
  ]);
});

test('those that are named, also done ones, with the files that were changed meanwhile', async () => {
  const context = openAt(recordPlans(first));
  const { entries = [] } = await ask(context, 'task/list', { session });
  const [read, write] = entries.map((it) => it.id) as [string, string];
  const { promoted } = await ask(context, 'task/promote', {
    session,
    entries: [write.slice(2), read],
    inOrder: true,
  });
  expect(promoted).toMatchObject([
    { title: 'Read it', status: 'done', dependsOn: [], evidence: { files: ['notes.md'] } },
    {
      title: 'Write the parser',
      status: 'open',
      evidence: { files: ['src/parser.ts', 'test/parser.test.ts'] },
      origin: { session, entry: write },
    },
  ]);
  expect(promoted[1]?.dependsOn).toEqual([promoted[0]?.id]);
});

test('a plan that is followed over two runs has one task for each entry', async () => {
  const context = openAt(recordPlans(first, second));
  const { entries = [] } = await ask(context, 'task/list', { session });
  expect(entries.map((it) => [it.title, it.status, it.stalled, it.lastTurn])).toEqual([
    ['Read it', 'done', false, '01K5A0000000000000000TVRN1'],
    ['Write the parser', 'done', false, '01K5A0000000000000000TVRN2'],
    ['Test the parser', 'active', true, '01K5A0000000000000000TVRN2'],
    ['Ship', 'open', false, '01K5A0000000000000000TVRN1'],
  ]);
  const alone = openAt(recordPlans(first));
  const before = (await ask(alone, 'task/list', { session })).entries ?? [];
  expect(before.map((it) => it.id)).toEqual([0, 1, 3].map((at) => entries[at]?.id));
});

test('nothing is promoted of nothing, and no file made', async () => {
  const context = openAt(
    recordPlans(first, [
      ...second.slice(0, 3),
      ...second.slice(3).map((it) => ({
        ...it,
        event: { type: 'plan-changed', entries: [] as PlanEntry[] } as const,
      })),
    ]),
  );
  const result = await ask(context, 'task/promote', { session });
  expect(result).toMatchObject({ made: false, promoted: [], skipped: [] });
  expect((await ask(context, 'task/list', {})).exists).toBe(false);
});

test.each([
  ['@last', ['zzz'], 'unknown-id'],
  ['@last', ['p-'], 'ambiguous-id'],
  ['nobody', undefined, 'unknown-id'],
])('%s %j is refused', async (named, entries, code) => {
  const context = openAt(recordPlans(first));
  const asked = ask(context, 'task/promote', { session: named, ...(entries && { entries }) });
  await expect(asked).rejects.toMatchObject({ code });
});
