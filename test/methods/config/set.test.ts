/** config/set: what it takes, what it refuses, and that the rest of the file stays. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { compileSchema } from '../../../src/methods/validate.ts';
import { ask, openAt, recordWorkspace } from '../recorded.ts';
import { smallStory } from '../small-story.ts';

test('sets, leaves the others, and sets no longer', async () => {
  const context = openAt(recordWorkspace(smallStory));
  await ask(context, 'config/set', { key: 'resume', value: 'true' });
  const { file } = await ask(context, 'config/set', { key: 'history.max_bytes', value: '5M' });
  const written = JSON.parse(readFileSync(file, 'utf8'));
  expect(written).toEqual({ v: 1, resume: true, 'history.max_bytes': 5 << 20 });
  const check = await compileSchema('file/config');
  expect(check(written), JSON.stringify(check.errors)).toBe(true);
  const { setting } = await ask(context, 'config/set', { key: 'history.max_bytes' });
  expect(setting).toMatchObject({ from: 'default' });
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ v: 1, resume: true });
});

test.each([
  ['history.max_bytes', 'much'],
  ['history.max_bytes', '-1'],
  ['resume', 'perhaps'],
  ['__proto__', 'x'],
  ['nothing', 'x'],
])('%s cannot be %s', async (key, value) => {
  const context = openAt(recordWorkspace(smallStory));
  await expect(ask(context, 'config/set', { key, value })).rejects.toMatchObject({
    code: 'invalid-params',
  });
});
