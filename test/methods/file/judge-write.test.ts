/** file/judge-write: the guard, for hosts that write files themselves. */
import { expect, test } from 'vitest';
import { nameText } from '../../../src/methods/name-text.ts';
import { playAt } from '../checkpointed.ts';
import { ask } from '../recorded.ts';

const start = 'one\ntwo\nthree\n';
const byAgent = 'ONE\ntwo\nthree\n';
const seen = { blob: nameText(start) };

test('what was changed since is not to be written over, and says what the agent should be told', async () => {
  const played = await playAt({ files: { 'a.txt': start } });
  await played.play('s1', { 'b.txt': 'b\n' });
  played.write({ 'a.txt': `${start}by a person\n` });
  const params = { path: 'a.txt', content: byAgent, seen };
  expect(await ask(played.context, 'file/judge-write', params)).toMatchObject({
    kind: 'refuse',
    code: 'CONFLICT',
    path: 'a.txt',
    seen: { blob: nameText(start), how: 'disk' },
    found: nameText(`${start}by a person\n`),
    diff: '@@ -3,0 +4,1 @@\n+by a person',
    lost: [{ line: 4, count: 1 }],
    revived: 0,
    message: expect.stringContaining('read the file again'),
  });
  const warned = await ask(played.context, 'file/judge-write', { ...params, policy: 'warn' });
  expect(warned.kind).toBe('warn');
  expect(played.read('a.txt')).toBe(`${start}by a person\n`);
});

test.each([
  ['current', { content: byAgent, seen }, start],
  ['unseen', { content: byAgent }, `${start}x\n`],
  ['identical', { content: `${start}x\n`, seen }, `${start}x\n`],
  ['keeps', { content: `${byAgent}x\n`, seen }, `${start}x\n`],
  ['guess', { content: byAgent, seen: { ...seen, how: 'guess' as const } }, `${start}x\n`],
  ['unproven', { content: byAgent, seen: { blob: '7'.repeat(40) } }, `${start}x\n`],
])('%s: it may be written', async (why, params, now) => {
  const played = await playAt({ files: { 'a.txt': start } });
  await played.play('s1', { 'b.txt': 'b\n' });
  played.write({ 'a.txt': now });
  const judged = await ask(played.context, 'file/judge-write', { path: 'a.txt', ...params });
  expect(judged).toMatchObject({ kind: 'pass', why });
});

test('what the session did itself is no stranger\u2019s change', async () => {
  const played = await playAt({ files: { 'a.txt': start } });
  await played.play('s1', { 'a.txt': 'by the session\n' });
  await played.context.record({
    session: 's1',
    event: { type: 'session-opened', how: 'new', agentSession: 'a', cwd: played.root },
  });
  const params = { path: 'a.txt', content: byAgent, session: 's1', seen };
  const judged = await ask(played.context, 'file/judge-write', params);
  expect(judged).toMatchObject({ kind: 'pass', why: 'own' });
});

test('a path outside of the workspace is refused', async () => {
  const played = await playAt({ files: { 'a.txt': start } });
  const outside = ask(played.context, 'file/judge-write', { path: '/etc/passwd', content: '' });
  await expect(outside).rejects.toMatchObject({ code: 'invalid-params' });
});
