/** file/did-write: what a host tells of is kept with whose it is, and is known as the session's own. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { nameText } from '../../../src/methods/name-text.ts';
import { openSeenSpace, type SeenSpace } from '../../../src/store/state/open-seen-space.ts';
import { openStateStore } from '../../../src/store/state/open-state-store.ts';
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

test('it is what the session has seen last, beside what it had seen before', async () => {
  const played = await openSession();
  const read = { type: 'file-read', path: join(played.root, 'b.txt'), bytes: 2 } as const;
  await played.context.record({ session: 's1', event: { ...read, blob: nameText('b\n') } });
  const space = async <T>(use: (space: SeenSpace) => Promise<T>): Promise<T> => {
    const store = await openStateStore(played.context.folder().state);
    return use(openSeenSpace(store)).finally(() => store.close());
  };
  const write = async (text: string, step: string) => {
    played.write({ 'a.txt': text });
    const told = { path: 'a.txt', session: 's1', turn: 't1', step };
    return (await ask(played.context, 'file/did-write', told)).blob;
  };
  const first = await write('by the host\n', 'w1');
  const kept = await space((it) => it.read('clew:s1'));
  expect([...kept].map(([path, { blob, how, step }]) => [path, blob, how, step])).toEqual([
    ['b.txt', nameText('b\n'), 'wire', undefined],
    ['a.txt', first, 'own', 'w1'],
  ]);
  // A sidecar has kept more of it by now.
  const seen = { blob: nameText('c\n'), at: 1, how: 'disk' } as const;
  await space(async (it) => {
    await it.write('clew:s1', 'c.txt', seen);
    await it.list('clew:s1', ['a.txt', 'b.txt', 'c.txt']);
  });
  const second = await write('once more\n', 'w2');
  const { files } = await ask(played.context, 'context/read', { session: 's1' });
  expect(files.map(({ path, blob, how, step }) => [path, blob, how, step])).toEqual([
    ['a.txt', second, 'own', 'w2'],
    ['b.txt', nameText('b\n'), 'wire', undefined],
    ['c.txt', seen.blob, 'disk', undefined],
  ]);
  played.write({ 'a.txt': 'by a person\n' });
  const judged = { path: 'a.txt', session: 's1', content: 'more\n' };
  expect(await ask(played.context, 'file/judge-write', judged)).toMatchObject({ kind: 'refuse' });
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
