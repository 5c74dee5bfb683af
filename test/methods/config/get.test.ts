/** config/get: what counts where. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ask, openAt, recordWorkspace } from '../recorded.ts';
import { smallStory } from '../small-story.ts';

test('the workspace counts before its person, and what is broken sets nothing', async () => {
  const recorded = recordWorkspace(smallStory);
  const context = openAt(recorded);
  const limit = async () =>
    (await ask(context, 'config/get', { key: 'history.max_bytes' })).settings[0];
  expect(await limit()).toMatchObject({ from: 'default' });
  await ask(context, 'config/set', { key: 'history.max_bytes', value: '1G', user: true });
  expect(await limit()).toMatchObject({ value: 2 ** 30, from: 'user' });
  await ask(context, 'config/set', { key: 'history.max_bytes', value: '64k' });
  expect(await limit()).toMatchObject({ value: 65_536, from: 'workspace' });
  for (const text of ['{', '[]', 'null', '{"history.max_bytes":{}}']) {
    writeFileSync(join(context.folder().path, 'config.json'), text);
    expect(await limit()).toMatchObject({ value: 2 ** 30, from: 'user' });
  }
  await expect(ask(context, 'config/get', { key: 'nothing' })).rejects.toMatchObject({
    code: 'invalid-params',
  });
});
