/** state/init: the folder in the workspace, what it holds, and that without it there is none. */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { beginShort } from '../../../src/layers/begin-short.ts';
import { openShelf } from '../../../src/methods/open-shelf.ts';
import { makeFolder } from '../../scratch.ts';
import { ask, openAt, recordWorkspace } from '../recorded.ts';
import { beganAt, sessions, smallStory } from '../small-story.ts';

const [first] = sessions;

test('without it nothing is written into the workspace, and the answers are the same', async () => {
  const recorded = recordWorkspace(smallStory);
  const context = openAt(recorded);
  const before = readdirSync(recorded.root);
  await ask(context, 'state/patch', { put: [{ section: 'purpose', item: { text: 'A shop' } }] });
  await openShelf(context).write(beginShort(first, beganAt));
  const kept = await ask(context, 'state/get', {});
  expect(readdirSync(recorded.root)).toEqual(before);
  await ask(context, 'state/init', {});
  const { projected, ...rest } = await ask(context, 'state/get', {});
  expect(rest).toEqual(kept);
  expect(projected).toEqual({ path: join(recorded.root, '.clew', 'project_state.json') });
  expect(readFileSync(projected?.path ?? '', 'utf8')).toContain('"text":"A shop"');
});

test('sessions are hidden from git, unless they are shared; somebody else’s words stay', async () => {
  const recorded = recordWorkspace(smallStory);
  const context = openAt(recorded);
  const folder = join(recorded.root, '.clew');
  const ignores = () => existsSync(join(folder, '.gitignore'));
  expect(await ask(context, 'state/init', { dryRun: true })).toMatchObject({ dryRun: true });
  expect(existsSync(folder)).toBe(false);
  await ask(context, 'state/init', {});
  expect(readFileSync(join(folder, '.gitignore'), 'utf8')).toMatch(/^sessions\/$/m);
  expect(readFileSync(join(folder, '.gitattributes'), 'utf8')).toMatch(/merge=union/);
  await ask(context, 'state/init', { share: true });
  expect(ignores()).toBe(false);
  await ask(context, 'state/init', {});
  expect(ignores()).toBe(false);
  writeFileSync(join(folder, '.gitignore'), 'mine\n');
  await ask(context, 'state/init', { share: true });
  expect(readFileSync(join(folder, '.gitignore'), 'utf8')).toBe('mine\n');
});

test('a session is copied there from then on', async () => {
  const recorded = recordWorkspace(smallStory);
  const context = openAt(recorded);
  mkdirSync(join(recorded.root, '.clew'));
  const file = await openShelf(context).write({ ...beginShort(first, beganAt), branch: 'a/b' });
  const copy = join(recorded.root, '.clew', 'sessions', file);
  expect(JSON.parse(readFileSync(copy, 'utf8'))).toMatchObject({ session: first, branch: 'a/b' });
});

test('a link to a folder is not followed, and a file is not replaced', async () => {
  const elsewhere = makeFolder();
  for (const plant of [
    (path: string) => symlinkSync(elsewhere, path),
    (path: string) => writeFileSync(path, 'mine'),
  ]) {
    const recorded = recordWorkspace(smallStory);
    const context = openAt(recorded);
    plant(join(recorded.root, '.clew'));
    await expect(ask(context, 'state/init', {})).rejects.toMatchObject({ code: 'state-refused' });
    await ask(context, 'state/patch', { put: [{ section: 'purpose', item: { text: 'x' } }] });
    await openShelf(context).write(beginShort(first, beganAt));
  }
  expect(readdirSync(elsewhere)).toEqual([]);
  // The same for the folder of sessions, and for the file itself.
  const recorded = recordWorkspace(smallStory);
  const context = openAt(recorded);
  mkdirSync(join(recorded.root, '.clew'));
  symlinkSync(elsewhere, join(recorded.root, '.clew', 'sessions'));
  writeFileSync(join(elsewhere, 'file'), 'theirs');
  symlinkSync(join(elsewhere, 'file'), join(recorded.root, '.clew', 'project_state.json'));
  await openShelf(context).write(beginShort(first, beganAt));
  await ask(context, 'state/patch', { put: [{ section: 'purpose', item: { text: 'x' } }] });
  expect(readdirSync(elsewhere)).toEqual(['file']);
  expect(readFileSync(join(elsewhere, 'file'), 'utf8')).toBe('theirs');
});
