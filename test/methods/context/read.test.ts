/** context/read: from the state store where it has the session, from the journals where it has not. */
import { expect, test } from 'vitest';
import { ask, openAt } from '../recorded.ts';
import { agentSession, blobOf, keepSeen, recordSeen, session } from './seen-story.ts';

test('without a state store the journals tell the same', async () => {
  const recorded = recordSeen();
  const { files, ...rest } = await ask(openAt(recorded), 'context/read', {});
  expect(rest).toEqual({ session });
  expect(files.map(({ path, blob, how }) => [path, blob, how])).toEqual([
    ['came.txt', null, 'disk'],
    ['changed.txt', blobOf('old\n'), 'guess'],
    ['gone.txt', blobOf('gone\n'), 'own'],
    ['same ü.txt', blobOf('same\n'), 'wire'],
  ]);
  for (const { turn, at } of files) expect([turn?.slice(-6), at > 0]).toEqual(['TURN01', true]);
});

test('the state store counts where it has something, by the agent\u2019s own name for the session', async () => {
  const recorded = recordSeen();
  const seen = { blob: blobOf('x'), at: 5, how: 'part' } as const;
  await keepSeen(recorded, { 'b.ts': seen, 'a.ts': seen });
  const asked = await ask(openAt(recorded), 'context/read', { session: agentSession });
  expect(asked.files).toEqual([
    { path: 'a.ts', ...seen },
    { path: 'b.ts', ...seen },
  ]);
});

test('only the files that were asked for, and a session that there is', async () => {
  const context = openAt(recordSeen());
  const { files } = await ask(context, 'context/read', { paths: ['./gone.txt', 'none', '/'] });
  expect(files.map((it) => it.path)).toEqual(['gone.txt']);
  await expect(ask(context, 'context/read', { session: 'nobody' })).rejects.toMatchObject({
    code: 'unknown-id',
  });
});
