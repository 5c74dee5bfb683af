/** Hooks that a person installed and somebody took out are put back, or it is said; others are left alone. */
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Event } from '../../src/contract/types.gen.ts';
import { mendHooks } from '../../src/recorder/mend-hooks.ts';
import { openStateHome } from '../../src/store/state-folder.ts';
import { openRepository } from '../methods/hooks/repository.ts';
import { ask } from '../methods/recorded.ts';

function openScene() {
  const repository = openRepository({ name: 'it' });
  const { root, env, context } = repository;
  const hooks = join(root, '.git', 'hooks');
  const mend = () => {
    const events: Event[] = [];
    const said: string[] = [];
    mendHooks(root, {
      ...{ home: openStateHome(env), env },
      write: (event) => void events.push(event),
      say: (text) => void said.push(text),
    });
    expect(said).toHaveLength(events.length);
    return events;
  };
  const states = async () => (await ask(context, 'hooks/status', {})).hooks.map((it) => it.state);
  return { ...repository, hooks, mend, states };
}

test('nobody asked for hooks: nothing is done, whatever is missing', async () => {
  const { mend, states, context } = openScene();
  expect(mend()).toEqual([]);
  await ask(context, 'hooks/install', { dryRun: true });
  expect(mend()).toEqual([]);
  expect(await states()).toEqual(Array(4).fill('missing'));
});

test('taken out by somebody else: put back, and said', async () => {
  const { mend, states, context, hooks } = openScene();
  await ask(context, 'hooks/install', {});
  expect(mend()).toEqual([]);
  rmSync(hooks, { recursive: true });
  mkdirSync(hooks);
  const all = ['post-checkout', 'post-commit', 'post-merge', 'post-rewrite'];
  expect(mend()).toEqual([{ type: 'hooks-mended', hooks: all, how: 'reinstalled' }]);
  expect(await states()).toEqual(Array(4).fill('installed'));
  expect(mend()).toEqual([]);
});

test('only the one that was asked for', async () => {
  const { mend, context, hooks } = openScene();
  await ask(context, 'hooks/install', { hook: 'post-merge' });
  rmSync(join(hooks, 'post-merge'));
  expect(mend()).toMatchObject([{ hooks: ['post-merge'], how: 'reinstalled' }]);
  expect(readdirSync(hooks).filter((it) => !it.endsWith('.sample'))).toEqual(['post-merge']);
});

test('taken out by the person: not put back, even with something unread', async () => {
  const { mend, states, context, git } = openScene();
  await ask(context, 'hooks/install', {});
  git('commit', '-q', '--allow-empty', '-m', 'x');
  await ask(context, 'hooks/uninstall', {});
  expect(mend()).toEqual([]);
  expect(await states()).toEqual(Array(4).fill('missing'));
});

test('where a hook manager has the word: said, and nothing is changed', async () => {
  const { mend, context, git, root } = openScene();
  await ask(context, 'hooks/install', {});
  mkdirSync(join(root, '.husky', '_'), { recursive: true });
  git('config', 'core.hooksPath', '.husky/_');
  expect(mend()).toMatchObject([{ how: 'left' }]);
  expect(readdirSync(join(root, '.husky'))).toEqual(['_']);
});
