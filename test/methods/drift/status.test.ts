/** drift/status: where sessions stand, what was found, and what the next prompt would find. */
import { expect, test } from 'vitest';
import { openAsked, openDrifting } from '../../recorder/drifting.ts';
import { ask } from '../recorded.ts';

const session = '01K5A000000000000000SESS01';

test('a session on its ground, one that will not be, and one that is not', async () => {
  const drifting = openDrifting();
  const { git, root } = drifting;
  const sidecar = drifting.begin();
  sidecar.open(session);
  await sidecar.turn(session, () => [['read', 'f']]);
  const status = () => ask(openAsked(drifting), 'drift/status', {});
  const head = git('rev-parse', 'HEAD');
  const ground = { worktree: root, branch: 'topic', head };
  const card = { session, agentSession: `agent-${session}`, running: true, files: 1 };
  expect(await status()).toEqual({
    ...{ ground, defaultBranch: 'main' },
    sessions: [{ ...card, ground }],
  });

  git('switch', '-q', 'main');
  const after = { worktree: root, branch: 'main', head: git('rev-parse', 'HEAD') };
  const files = [{ path: 'f', known: 'read', now: 'changed' }];
  const ahead = await status();
  expect(ahead.sessions).toMatchObject([
    { ...card, ground, ahead: { level: 'alert', after, files } },
  ]);
  // To ask is not to look on its behalf.
  expect(drifting.drifts()).toEqual([]);

  await sidecar.turn(session);
  const open = await status();
  expect(open.sessions).toMatchObject([
    { ...card, ground: after, open: { level: 'alert', files } },
  ]);
  expect(open.sessions[0]).not.toHaveProperty('ahead');

  await sidecar.close();
  expect((await status()).sessions).toMatchObject([{ running: false, open: {} }]);
  await ask(openAsked(drifting), 'drift/resolve', { how: 'ignore' });
  expect((await status()).sessions).toEqual([]);
  const all = await ask(openAsked(drifting), 'drift/status', { all: true });
  expect(all.sessions).toMatchObject([{ session, running: false }]);
});

test('one session by its name, by the end of it, and by the agent’s name', async () => {
  const drifting = openDrifting();
  const sidecar = drifting.begin();
  for (const it of [session, '01K5A000000000000000SESS02']) sidecar.open(it);
  const named = async (name: string) =>
    (await ask(openAsked(drifting), 'drift/status', { session: name })).sessions.map(
      (it) => it.session,
    );
  expect(await named(session)).toEqual([session]);
  expect(await named('sess02')).toEqual(['01K5A000000000000000SESS02']);
  expect(await named(`agent-${session}`)).toEqual([session]);
  await expect(named('nobody')).rejects.toMatchObject({ code: 'unknown-id' });
});

test('without a repository, and where nothing is recorded', async () => {
  const drifting = openDrifting();
  await expect(ask(openAsked(drifting), 'drift/status', {})).rejects.toMatchObject({
    code: 'no-workspace',
  });
  const { makeFolder } = await import('../../scratch.ts');
  const plain = { ...drifting, root: makeFolder() };
  await expect(ask(openAsked(plain), 'drift/status', {})).rejects.toMatchObject({
    code: 'no-repository',
  });
});
