/** A workspace whose checkpoints cannot be taken: prompts go on, the journal says so each time, and stderr once. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openStage } from './stage.ts';
import { eventsOf, listCheckpoints, openTalk, readTexts, stateFolders } from './talk.ts';

const turns = [[{ shell: 'echo one > one.txt' }], [{ shell: 'echo two > two.txt' }]];
const done = { 'one.txt': 'one\n', 'two.txt': 'two\n' };

test('because their place is taken by something else', async () => {
  await using stage = openStage();
  const talk = await openTalk(stage, { turns: [[{ say: 'hello' }]] });
  await talk.leave();
  const [state = ''] = stateFolders(stage);
  rmSync(join(state, 'store.git'), { recursive: true });
  writeFileSync(join(state, 'store.git'), 'no folder');
  const again = await openTalk(stage, { turns }, { hasty: true });
  await again.take();
  await again.take();
  await again.leave();
  expect(readTexts(stage.workspace)).toEqual(done);
  const failed = eventsOf(stage, 'checkpoint-failed').map(({ reason }) => reason);
  expect(failed.filter((it) => it === 'prompt')).toHaveLength(2);
  expect(again.running.stderr()).toMatch(/^clew: no checkpoint of .*; forwarding goes on\n$/);
  expect(again.running.stderr().split('\n')).toHaveLength(2);
  expect(eventsOf(stage, 'gate-timed-out')).toEqual([]);
});

test('because it is somebody’s home: the conversation is recorded, files are not touched', async () => {
  await using stage = openStage();
  const env = { HOME: stage.workspace };
  const talk = await openTalk(stage, { turns }, { env, hasty: true });
  await talk.take();
  await talk.take();
  await talk.leave();
  expect(readTexts(stage.workspace)).toEqual(done);
  expect(eventsOf(stage, 'turn-ended')).toHaveLength(2);
  expect(eventsOf(stage, 'checkpoint-taken')).toEqual([]);
  expect(eventsOf(stage, 'checkpoint-failed')).toEqual([]);
});

test('in-band: a client that asked for clew lists checkpoints and plans an undo', async () => {
  await using stage = openStage();
  writeFileSync(join(stage.workspace, 'kept.txt'), 'kept\n');
  const capabilities = { _meta: { clew: {} } };
  const talk = await openTalk(stage, { turns }, { capabilities });
  await talk.take();
  await talk.take();
  talk.editor.ask('"plan"', '_clew/undo/plan', {});
  const { result: plan } = await talk.editor.answer('"plan"');
  expect(plan).toMatchObject({ ready: true, paths: [{ path: 'two.txt', does: 'remove' }] });
  talk.editor.ask('"list"', '_clew/checkpoint/list', {});
  const { result: list } = await talk.editor.answer('"list"');
  await talk.leave();
  const ids = (list as { checkpoints: { id: string }[] }).checkpoints.map(({ id }) => id);
  expect((await listCheckpoints(stage)).map(({ id }) => id)).toEqual(expect.arrayContaining(ids));
  expect(ids.length).toBeGreaterThan(2);
  expect(readTexts(stage.workspace)).toEqual({ ...done, 'kept.txt': 'kept\n' });
});
