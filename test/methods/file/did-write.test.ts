/** file/did-write: what a host tells of is kept with whose it is, and is known as the session's own. */
import { expect, test } from 'vitest';
import { nameText } from '../../../src/methods/name-text.ts';
import { playAt } from '../checkpointed.ts';
import { ask } from '../recorded.ts';

const start = 'one\ntwo\nthree\n';

async function openSession() {
  const played = await playAt({ files: { 'a.txt': start } });
  await played.play('other', { 'b.txt': 'b\n' });
  await played.context.record({
    session: 's1',
    event: { type: 'session-opened', how: 'new', agentSession: 'a', cwd: played.root },
  });
  return played;
}

test('the write is written down, and can be undone as its own', async () => {
  const played = await openSession();
  played.write({ 'a.txt': 'by the host\n' });
  const told = { path: 'a.txt', session: 's1', turn: 't1', step: 'w1' };
  const done = await ask(played.context, 'file/did-write', told);
  expect(done).toMatchObject({ path: 'a.txt', session: 's1', blob: nameText('by the host\n') });
  const events = await played.readJournal();
  expect(events.find((it) => it.type === 'file-written')).toEqual({
    type: 'file-written',
    turn: 't1',
    step: 'w1',
    path: 'a.txt',
    blob: nameText('by the host\n'),
    bytes: 12,
  });
  const undone = await ask(played.context, 'undo/apply', { of: 'w1' });
  expect(undone.written).toEqual(['a.txt']);
  expect(played.read('a.txt')).toBe(start);
});

test('its next write is judged by that', async () => {
  const played = await openSession();
  played.write({ 'a.txt': 'by the host\n' });
  const { blob } = await ask(played.context, 'file/did-write', { path: 'a.txt', session: 's1' });
  const judge = (content: string) =>
    ask(played.context, 'file/judge-write', {
      path: 'a.txt',
      session: 's1',
      content,
      seen: { blob },
    });
  expect(await judge('more\n')).toMatchObject({ kind: 'pass', why: 'current' });
  played.write({ 'a.txt': 'by a person\n' });
  expect(await judge('more\n')).toMatchObject({ kind: 'refuse' });
});

test('a folder, and a session that is not there, are refused', async () => {
  const played = await openSession();
  played.write({ 'd/x': 'x' });
  await expect(
    ask(played.context, 'file/did-write', { path: 'd', session: 's1' }),
  ).rejects.toMatchObject({ code: 'invalid-params' });
  await expect(
    ask(played.context, 'file/did-write', { path: 'a.txt', session: 'nobody' }),
  ).rejects.toMatchObject({ code: 'unknown-id' });
});
