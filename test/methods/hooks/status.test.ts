/** hooks/status: what it says of each way in which hooks may fail to run. */
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ask } from '../recorded.ts';
import { openRepository } from './repository.ts';

const statesOf = async (context: Parameters<typeof ask>[0]) =>
  (await ask(context, 'hooks/status', {})).hooks.map((it) => it.state);

test('before, with, and without', async () => {
  const { context, root, git } = openRepository({ name: 'it' });
  expect(await ask(context, 'hooks/status', {})).toMatchObject({
    folder: { path: join(root, '.git', 'hooks'), ground: 'own' },
    git: expect.stringMatching(/^\d+\.\d+$/),
    spool: { path: join(root, '.git', 'clew', 'spool'), present: false, unread: 0 },
    off: false,
  });
  expect(await statesOf(context)).toEqual(Array(4).fill('missing'));
  await ask(context, 'hooks/install', {});
  git('commit', '-q', '--allow-empty', '-m', 'x');
  expect(await statesOf(context)).toEqual(Array(4).fill('installed'));
  const { spool } = await ask(context, 'hooks/status', {});
  expect(spool).toMatchObject({ present: true, unread: 1 });
  await ask(context, 'hooks/uninstall', {});
  expect(await statesOf(context)).toEqual(Array(4).fill('missing'));
});

test('a file that lost its permission is told, and so is a core.hooksPath that leads elsewhere', async () => {
  const { context, root, git } = openRepository({ name: 'it' });
  await ask(context, 'hooks/install', {});
  chmodSync(join(root, '.git', 'hooks', 'post-merge'), 0o644);
  const states = ['installed', 'installed', 'not-executable', 'installed'];
  expect(await statesOf(context)).toEqual(states);
  git('config', 'core.hooksPath', '.husky/_');
  mkdirSync(join(root, '.husky', '_'), { recursive: true });
  expect(await statesOf(context)).toEqual(Array(4).fill('shadowed'));
  const { folder } = await ask(context, 'hooks/status', {});
  expect(folder.named).toEqual({ value: '.husky/_', file: join(root, '.git', 'config') });
});

test('a block that a person put into a folder outside is found by its mark, and left alone', async () => {
  const { context, env, git } = openRepository({ name: 'it', globalHooksPath: '~/mine' });
  const { hooks } = await ask(context, 'hooks/install', {});
  const block = hooks[1]?.say?.split('\n\n')[1] ?? '';
  const path = join(env['HOME'] ?? '', 'mine', 'post-commit');
  mkdirSync(join(path, '..'));
  writeFileSync(path, `#!/bin/sh\n${block}`, { mode: 0o755 });
  expect(await statesOf(context)).toEqual(['missing', 'installed', 'missing', 'missing']);
  git('commit', '-q', '--allow-empty', '-m', 'x');
  expect((await ask(context, 'hooks/status', {})).spool).toMatchObject({
    present: true,
    unread: 1,
  });
  const removed = await ask(context, 'hooks/uninstall', { purge: true });
  expect(removed.hooks.map((it) => it.outcome)).toEqual(['absent', 'asks', 'absent', 'absent']);
  expect(existsSync(path)).toBe(true);
});

test('no program of the workspace is run: not even one that is called git', async () => {
  const { context, root, env } = openRepository({
    name: 'it',
    files: {
      'bin/git': ['755', '#!/bin/sh\ntouch "$(dirname "$0")/../pwned"\necho git version 9.9\n'],
      '.git/hooks/post-commit': ['755', '#!/bin/sh\ntouch pwned\n'],
      '.git/hooks/post-merge': ['755', '#!/usr/bin/env sh-that-touches\n'],
    },
  });
  env['PATH'] = `${root}/bin:bin:.:${env['PATH']}`;
  for (const key of ['core.fsmonitor', 'core.sshCommand', 'core.editor', 'alias.version'])
    writeFileSync(
      join(root, '.git', 'config'),
      `[${key.split('.')[0]}]\n\t${key.split('.')[1]} = touch ${root}/pwned\n`,
      { flag: 'a' },
    );
  await ask(context, 'hooks/install', { dryRun: true });
  await ask(context, 'hooks/install', {});
  const { git } = await ask(context, 'hooks/status', {});
  await ask(context, 'hooks/uninstall', {});
  expect(existsSync(join(root, 'pwned'))).toBe(false);
  expect(git).not.toBe('9.9');
});

test('without git on PATH everything is the same but its version', async () => {
  const { context, env } = openRepository({ name: 'it' });
  env['PATH'] = '/nowhere';
  await ask(context, 'hooks/install', {});
  const { git, hooks } = await ask(context, 'hooks/status', {});
  expect(git).toBeUndefined();
  expect(hooks.map((it) => it.state)).toEqual(Array(4).fill('installed'));
});

test('hooks that are silenced by the environment are told', async () => {
  const { context, env } = openRepository({ name: 'it' });
  env['CLEW_OFF'] = '1';
  expect((await ask(context, 'hooks/status', {})).off).toBe(true);
});
