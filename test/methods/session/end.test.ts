/** session/end: a session ends once, and what was going on in it is said to be interrupted. */
import { expect, test } from 'vitest';
import { openHosted } from '../../rpc/hosted.ts';

test('a turn that is going on is interrupted, and nothing can be said of it any more', async () => {
  const { ask, events } = await openHosted();
  const { session } = await ask('session/start', {});
  const { turn } = await ask('turn/start', { session });
  expect(await ask('session/end', { session })).toEqual({ session });
  expect(events()).toContainEqual(expect.objectContaining({ turn, outcome: 'interrupted' }));
  expect(events().at(-1)).toEqual({ type: 'session-closed', how: 'close' });
  await expect(ask('session/end', { session })).rejects.toMatchObject({ code: 'unknown-id' });
  await expect(ask('turn/end', { turn })).rejects.toMatchObject({ code: 'unknown-id' });
  expect((await ask('session/show', { session })).session).toMatchObject({
    state: 'interrupted',
    turns: [{ id: turn, outcome: 'interrupted' }],
  });
});

test('a host that goes away leaves nothing open', async () => {
  const hosted = await openHosted();
  const { session } = await hosted.ask('session/start', {});
  await hosted.ask('turn/start', { session });
  await hosted.host.close();
  const told = hosted.events().map((it) => it.type);
  expect(told.slice(-4)).toContain('session-closed');
  expect(told.at(-1)).toBe('recording-ended');
  expect(told).toContain('turn-ended');
});

test('what it leaves is in the state of the workspace, as that of an agent behind a sidecar', async () => {
  const { ask } = await openHosted();
  const { session } = await ask('session/start', { agent: { name: 'my-agent' } });
  const { turn } = await ask('turn/start', { session, prompt: 'teach the parser comments' });
  await ask('turn/end', { turn });
  await ask('session/end', { session });
  const state = await ask('state/get', { session });
  expect(JSON.stringify(state)).toContain('teach the parser comments');
});
