/** session/list: sessions alone, newest first, by who is running and by agent. */
import { expect, test } from 'vitest';
import { openHosted } from '../../rpc/hosted.ts';
import { ask, openAt, recordWorkspace } from '../recorded.ts';
import { sessions, smallStory } from '../small-story.ts';

test('of the story there are both, the newest first, without turns', async () => {
  const context = openAt(recordWorkspace(smallStory));
  const listed = await ask(context, 'session/list', {});
  expect(listed.sessions.map((it) => [it.id, it.turnCount, it.turns.length])).toEqual([
    [sessions[1], 1, 0],
    [sessions[0], 1, 0],
  ]);
  expect(await ask(context, 'session/list', { limit: 1 })).toMatchObject({
    sessions: [{ id: sessions[1] }],
    more: true,
  });
  expect((await ask(context, 'session/list', { agent: 'Codex' })).sessions).toHaveLength(2);
  expect((await ask(context, 'session/list', { agent: 'nobody' })).sessions).toEqual([]);
});

test('running ones are told from those that are not', async () => {
  const hosted = await openHosted();
  const [one, two, three] = [
    await hosted.ask('session/start', {}),
    await hosted.ask('session/start', {}),
    await hosted.ask('session/start', {}),
  ];
  await hosted.ask('session/end', { session: two.session });
  const ids = async (params: { running?: boolean; limit?: number }) =>
    (await hosted.ask('session/list', params)).sessions.map((it) => it.id);
  expect(await ids({ running: true })).toEqual([three.session, one.session]);
  expect(await ids({ running: false })).toEqual([two.session]);
  expect(await ids({ running: true, limit: 1 })).toEqual([three.session]);
  expect(await ids({})).toEqual([three.session, two.session, one.session]);
});
