/** turn/start: before anything else of a turn happens, the workspace is kept as it is. */
import { expect, test } from 'vitest';
import { openHosted } from '../../rpc/hosted.ts';

test('the checkpoint has what was there before', async () => {
  const { ask, write, events } = await openHosted();
  write('a.txt', 'one\n');
  const { session } = await ask('session/start', {});
  const { turn, checkpoint = '', why } = await ask('turn/start', { session, prompt: 'change it' });
  expect(why).toBeUndefined();
  write('a.txt', 'two\n');
  const diff = await ask('checkpoint/diff', { from: checkpoint });
  expect(diff.files.map((it) => it.path)).toEqual(['a.txt']);
  expect(events()).toContainEqual({
    ...{ type: 'turn-started', turn, origin: 'prompt', prompt: 'change it' },
  });
  const { session: card } = await ask('session/show', { session });
  expect(card.turns).toMatchObject([{ id: turn, prompt: 'change it', state: 'running' }]);
});

test('of two turns at once the second is refused, and names the first', async () => {
  const { ask } = await openHosted();
  const { session } = await ask('session/start', {});
  const { turn } = await ask('turn/start', { session });
  await expect(ask('turn/start', { session })).rejects.toMatchObject({
    code: 'busy',
    data: { turn },
  });
  await ask('turn/end', { turn });
  await ask('turn/start', { session });
});

test('a session of somebody else is refused', async () => {
  const { ask } = await openHosted();
  const asked = ask('turn/start', { session: '01K5A00000000000000SESSON1' });
  await expect(asked).rejects.toMatchObject({ code: 'unknown-id' });
});
