/** That what is recorded in a host's session is told to the checkpoints of its turns, so that it can be taken back. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openOwnSessions } from '../../src/rpc/open-own-sessions.ts';
import { playAt } from '../methods/checkpointed.ts';
import { ask } from '../methods/recorded.ts';

const hash = (text: string) =>
  createHash('sha1')
    .update(`blob ${Buffer.byteLength(text)}\0${text}`)
    .digest('hex');

async function open() {
  const played = await playAt({ files: { 'a.txt': 'one\n', 'b.txt': 'one\n' } });
  const keeper = await played.context.keeper();
  const sessions = openOwnSessions({
    context: played.context,
    client: { name: 'a host' },
    protocol: 1,
    command: ['a host'],
    keeper: () => keeper,
    write: (note) => void played.context.record(note),
    say: (text) => expect.fail(text),
  });
  onTestFinished(() => sessions.close());
  return { ...played, sessions };
}

test('a file that was told of is the turn’s, and one that was not is nobody’s', async () => {
  const { sessions, context, write, root, read } = await open();
  const { session } = await sessions.start({});
  const { turn } = await sessions.startTurn({ session, prompt: 'go' });
  write({ 'a.txt': 'two\n', 'b.txt': 'somebody\n' });
  const path = join(root, 'a.txt');
  const event = { type: 'file-written', turn, path, bytes: 4, blob: hash('two\n') } as const;
  expect(await sessions.record([{ session, event }])).toEqual([]);
  await sessions.endTurn({ turn });
  const { paths } = await ask(context, 'undo/plan', { of: turn });
  expect(paths).toMatchObject([
    { path: 'a.txt', outcome: 'back', evidence: 'claimed' },
    { path: 'b.txt', outcome: 'kept', evidence: 'unclaimed' },
  ]);
  await ask(context, 'undo/apply', { of: turn });
  expect([read('a.txt'), read('b.txt')]).toEqual(['one\n', 'somebody\n']);
  const { files } = (await ask(context, 'session/show', { session })).session.turns[0] ?? {};
  expect(files).toEqual(['a.txt']);
});

test('notes of other sessions are left to others', async () => {
  const { sessions } = await open();
  const note = { session: 'else', event: { type: 'session-closed', how: 'close' } } as const;
  expect(await sessions.record([note])).toEqual([note]);
});
