/** checkpoint/list: the checkpoints there are, newest first, of all or of one session or turn. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeFolder } from '../../scratch.ts';
import { playAt } from '../checkpointed.ts';
import { ask, openAt } from '../recorded.ts';

test('newest first, as many as asked for, with what each was taken for', async () => {
  const played = await playAt({ files: { 'a.txt': 'a\n' } });
  const { turn, step } = await played.play('session-one', { 'a.txt': 'b\n' });
  await ask(played.context, 'checkpoint/take', { label: 'mine', pinned: true });
  const { checkpoints, more } = await ask(played.context, 'checkpoint/list', {});
  const told = checkpoints.map(({ reason, session, turn, step, label, pinned }) => ({
    reason,
    session,
    turn,
    step,
    label,
    pinned,
  }));
  const of = { session: 'session-one', turn, step: undefined, label: undefined, pinned: false };
  expect(told).toEqual([
    { reason: 'asked', label: 'mine', pinned: true },
    { ...of, reason: 'turn' },
    { ...of, reason: 'step', step },
    { ...of, reason: 'prompt' },
  ]);
  expect(more).toBe(false);
  const few = await ask(played.context, 'checkpoint/list', { limit: 2 });
  expect(few).toEqual({ checkpoints: checkpoints.slice(0, 2), more: true });
});

test('of one session or turn, by the end of its id', async () => {
  const played = await playAt({ files: { 'a.txt': 'a\n' } });
  const first = await played.play('session-one', { 'a.txt': 'b\n' });
  const second = await played.play('session-two', { 'a.txt': 'c\n' });
  const list = async (params: { session?: string; turn?: string }) =>
    (await ask(played.context, 'checkpoint/list', params)).checkpoints.map((it) => it.turn);
  expect(await list({ session: 'session-one' })).toEqual([first.turn, first.turn, first.turn]);
  expect(await list({ session: '-two' })).toEqual([second.turn, second.turn, second.turn]);
  expect(await list({ turn: first.turn.slice(-8).toLowerCase() })).toHaveLength(3);
  expect(await list({ turn: '@turn~1' })).toEqual([first.turn, first.turn, first.turn]);
  await expect(list({ session: 'session-none' })).rejects.toMatchObject({ code: 'unknown-id' });
  await expect(list({ session: 'session' })).rejects.toMatchObject({ code: 'ambiguous-id' });
});

test('where nothing was recorded it says so, and makes nothing', async () => {
  const folder = makeFolder();
  const env = { CLEW_HOME: join(folder, 'state'), HOME: folder };
  const context = openAt({ root: folder, env, state: '', journal: '', write: () => undefined });
  const asked = ask(context, 'checkpoint/list', {});
  await expect(asked).rejects.toMatchObject({ code: 'no-workspace' });
  expect(existsSync(join(folder, 'state', 'workspaces'))).toBe(false);
});
