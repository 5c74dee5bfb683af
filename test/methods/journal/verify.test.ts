/** journal/verify: sound journals, and what is said of damaged ones. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ask, openAt, recordWorkspace } from '../recorded.ts';
import { smallStory } from '../small-story.ts';

test('journal/verify answers', async () => {
  const { journal, ...recorded } = recordWorkspace(smallStory);
  const [file = ''] = readdirSync(journal);
  const { length: bytes } = readFileSync(join(journal, file));
  const context = openAt({ ...recorded, journal });
  const writer = smallStory[0]?.writer;
  expect(await ask(context, 'journal/verify', {})).toEqual({
    files: [{ file, writer, entries: smallStory.length, bytes, open: false }],
    problems: [],
    sound: true,
  });
});

test('a flipped bit is found', async () => {
  const recorded = recordWorkspace(smallStory);
  const [file = ''] = readdirSync(recorded.journal);
  const path = join(recorded.journal, file);
  const bytes = readFileSync(path);
  bytes[1000] = (bytes[1000] ?? 0) ^ 1;
  writeFileSync(path, bytes);
  const { sound, problems } = await ask(openAt(recorded), 'journal/verify', {});
  expect(sound).toBe(false);
  expect(problems).toMatchObject([{ file, kind: 'bad-line' }]);
});

test('journal/verify takes no parameters', async () => {
  const asked = ask(openAt(recordWorkspace(smallStory)), 'journal/verify', { all: true } as never);
  await expect(asked).rejects.toMatchObject({ code: 'invalid-params', data: { field: 'all' } });
});
