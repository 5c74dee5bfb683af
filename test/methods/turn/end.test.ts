/** turn/end: the workspace is kept as it is now, and what the turn told is on its card. */
import { expect, onTestFinished, test, vi } from 'vitest';
import { openHosted } from '../../rpc/hosted.ts';

test('what changed in between lies between its two checkpoints', async () => {
  const { ask, write } = await openHosted();
  write('a.txt', 'one\n');
  const { session } = await ask('session/start', {});
  const begun = await ask('turn/start', { session });
  write('b.txt', 'new\n');
  const { turn } = begun;
  const usage = { input: 10, output: 2 };
  const ended = await ask('turn/end', { turn, outcome: 'max_tokens', usage, models: ['m'] });
  expect(ended).toMatchObject({ session, turn, outcome: 'max_tokens' });
  write('c.txt', 'later\n');
  const { checkpoint: from = '' } = begun;
  const { checkpoint: to = '' } = ended;
  const { files } = await ask('checkpoint/diff', { from, to });
  expect(files.map((it) => it.path)).toEqual(['b.txt']);
  const { session: card } = await ask('session/show', { session });
  expect(card.turns).toMatchObject([{ outcome: 'max_tokens', usage, state: 'ended' }]);
});

test('a problem is told, and a turn ends once', async () => {
  const { ask } = await openHosted();
  const { session } = await ask('session/start', {});
  const { turn } = await ask('turn/start', { session });
  const problem = { code: -32000, message: 'out of credit' };
  await ask('turn/end', { turn, outcome: 'error', problem });
  await expect(ask('turn/end', { turn })).rejects.toMatchObject({ code: 'unknown-id' });
  const { problems } = await ask('session/show', { session });
  expect(problems.join()).toContain('out of credit');
});

test('a home folder is not kept, and the turn says so', async () => {
  const { ask, root } = await openHosted();
  vi.stubEnv('HOME', root);
  onTestFinished(() => void vi.unstubAllEnvs());
  const { session } = await ask('session/start', {});
  const begun = await ask('turn/start', { session });
  expect(begun.checkpoint).toBeUndefined();
  const ended = await ask('turn/end', { turn: begun.turn });
  for (const it of [begun, ended]) expect(it.why).toContain('no checkpoints are taken');
  expect((await ask('session/show', { session })).session.turns).toHaveLength(1);
});
