/** checkpoint/plan: what going back to a checkpoint would do, and that it does not do it. */
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { playAt } from '../checkpointed.ts';
import { ask } from '../recorded.ts';

test('says of each path what would happen, and changes nothing', async () => {
  const played = await playAt({ files: { a: 'a\n', b: 'b\n', 'same/s': 's\n' } });
  const { checkpoint } = await ask(played.context, 'checkpoint/take', {});
  played.write({ a: 'A\n', b: undefined, 'd/new': 'n\n' });
  chmodSync(join(played.root, 'same'), 0o700);
  const before = played.readAll();
  const plan = await ask(played.context, 'checkpoint/plan', { checkpoint: checkpoint.id });
  expect(plan).toMatchObject({ of: { kind: 'checkpoint', id: checkpoint.id }, ready: true });
  expect(Object.fromEntries(plan.paths.map(({ path, does }) => [path, does]))).toEqual({
    a: 'write',
    b: 'create',
    'd/new': 'remove',
    d: 'remove',
    same: 'write',
  });
  expect(plan.undo).toBeUndefined();
  expect(played.readAll()).toEqual(before);
  const done = await ask(played.context, 'checkpoint/restore', { checkpoint: checkpoint.id });
  expect(done.paths).toEqual(plan.paths);
});

test('of a workspace that is as it was there is nothing to tell', async () => {
  const played = await playAt({ files: { a: 'a\n' } });
  await ask(played.context, 'checkpoint/take', {});
  const plan = await ask(played.context, 'checkpoint/plan', { checkpoint: '@last' });
  expect(plan.paths).toEqual([]);
});
