/** journal/reindex: the index is built anew, whatever was there. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ask, openAt, recordWorkspace } from '../recorded.ts';
import { smallStory } from '../small-story.ts';

test('journal/reindex answers', async () => {
  const recorded = recordWorkspace(smallStory);
  const context = openAt(recorded);
  const before = await ask(context, 'log/query', {});
  const { entries, files } = await ask(context, 'journal/reindex', {});
  expect({ entries, files }).toEqual({ entries: smallStory.length, files: 1 });
  expect(await ask(context, 'log/query', {})).toEqual(before);
});

test('rubbish in the place of the index is no hindrance', async () => {
  const recorded = recordWorkspace(smallStory);
  writeFileSync(join(recorded.state, 'index.db'), 'rubbish');
  const { entries } = await ask(openAt(recorded), 'journal/reindex', {});
  expect(entries).toBe(smallStory.length);
});

test('journal/reindex takes no parameters', async () => {
  const asked = ask(openAt(recordWorkspace([])), 'journal/reindex', { hard: true } as never);
  await expect(asked).rejects.toMatchObject({ code: 'invalid-params', data: { field: 'hard' } });
});
