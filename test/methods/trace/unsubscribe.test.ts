/** trace/unsubscribe: from then on nothing is told, and the workspace is no longer watched. */
import { expect, test } from 'vitest';
import { recordWorkspace } from '../recorded.ts';
import { sessions, smallStory } from '../small-story.ts';
import { connectAt } from './connection.ts';

const writer = smallStory[0]?.writer ?? '';

test('trace/unsubscribe ends one subscription and leaves the others', async () => {
  const recorded = recordWorkspace(smallStory.slice(0, 5));
  const connection = connectAt(recorded);
  await connection.ask('trace/subscribe', { subscription: 'one', session: sessions[0] });
  await connection.ask('trace/subscribe', { subscription: 'two', session: sessions[0] });
  expect(await connection.ask('trace/unsubscribe', { subscription: 'one' })).toEqual({
    ended: true,
  });
  expect(await connection.ask('trace/unsubscribe', { subscription: 'one' })).toEqual({
    ended: false,
  });
  recorded.write(smallStory.slice(5));
  await connection.until('trace:reached', (it) => it.seq[writer] === 18);
  expect(new Set(connection.all().map((it) => it.params.subscription))).toEqual(new Set(['two']));
});

test('trace/unsubscribe refuses to end nothing in particular', async () => {
  const connection = connectAt(recordWorkspace(smallStory));
  const asked = connection.ask('trace/unsubscribe', {} as never);
  await expect(asked).rejects.toMatchObject({ code: 'invalid-params' });
});
