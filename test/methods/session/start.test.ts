/** session/start: a host's session is in the journal like that of any agent, one journal for each agent. */
import { expect, test } from 'vitest';
import { answer } from '../../../src/methods/table.ts';
import { openHosted } from '../../rpc/hosted.ts';
import { openAt } from '../recorded.ts';

test('what was told is written down, with secrets taken out', async () => {
  const { ask, entries, root } = await openHosted();
  const agent = { name: 'my-agent', version: '1.0' };
  const title = 'uses ghp_012345678901234567890123456789abcdef';
  const { session, agentSession } = await ask('session/start', { agent, title, model: 'm' });
  expect(agentSession).not.toBe('');
  const opened = entries().find((it) => it.event.type === 'session-opened');
  expect(opened).toMatchObject({
    session,
    event: { how: 'new', agentSession, cwd: root, model: 'm' },
  });
  expect(JSON.stringify(entries())).not.toContain('ghp_0123');
  const { sessions } = await ask('session/list', {});
  expect(sessions).toMatchObject([
    { id: session, agent: 'my-agent', agentVersion: '1.0', client: 'the host', state: 'running' },
  ]);
});

test('each agent has a journal of its own, so that each session knows its agent', async () => {
  const { ask, entries } = await openHosted();
  const first = await ask('session/start', { agent: { name: 'one' }, agentSession: 'a' });
  const second = await ask('session/start', { agent: { name: 'two' }, agentSession: 'b' });
  const third = await ask('session/start', { agent: { name: 'one' }, parent: first.session });
  const { sessions } = await ask('session/list', {});
  const agentOf = (id: string) => sessions.find((it) => it.id === id)?.agent;
  expect([first, second, third].map((it) => agentOf(it.session))).toEqual(['one', 'two', 'one']);
  const { sessions: ones } = await ask('session/list', { agent: 'ONE' });
  expect(ones.map((it) => it.id)).toEqual([third.session, first.session]);
  expect(new Set(entries().map((it) => it.writer)).size).toBe(2);
  expect(sessions.find((it) => it.id === third.session)?.parent).toBe(first.session);
});

test('where each question is a process of its own there can be none', async () => {
  const { root, env } = await openHosted();
  const context = openAt({ root, env, state: '', journal: '', write: () => undefined });
  await expect(answer(context, 'session/start', {})).rejects.toMatchObject({
    code: 'usage',
    hint: expect.stringContaining('clew serve'),
  });
});
