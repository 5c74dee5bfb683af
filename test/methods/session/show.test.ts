/** session/show: a session with its turns, by any name that it has. */
import { expect, test } from 'vitest';
import { ask, openAt, recordWorkspace } from '../recorded.ts';
import { sessions, smallStory, turns } from '../small-story.ts';

test.each([sessions[0], sessions[0].slice(-6).toLowerCase(), 'thread-1'])('%s', async (session) => {
  const shown = await ask(openAt(recordWorkspace(smallStory)), 'session/show', { session });
  expect(shown).toMatchObject({
    session: { id: sessions[0], title: 'Rename the parser', turns: [{ id: turns[0], n: 1 }] },
    plan: [{ content: 'read' }, { content: 'write' }],
    problems: [expect.stringContaining('unrecorded')],
  });
});

test('the id of a turn is none of a session', async () => {
  const asked = ask(openAt(recordWorkspace(smallStory)), 'session/show', { session: turns[0] });
  await expect(asked).rejects.toMatchObject({ code: 'unknown-id' });
});
