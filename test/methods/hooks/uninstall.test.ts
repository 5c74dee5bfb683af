/** hooks/uninstall: what others added since stays, and what nobody has read is kept unless it is purged. */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ask } from '../recorded.ts';
import { openRepository, readTree } from './repository.ts';

test('what nobody has read stays until it is purged', async () => {
  const { context, root, git } = openRepository({ name: 'it' });
  await ask(context, 'hooks/install', {});
  git('commit', '-q', '--allow-empty', '-m', 'x');
  expect(await ask(context, 'hooks/uninstall', { dryRun: true })).toMatchObject({ unread: 1 });
  expect(existsSync(join(root, '.git', 'hooks', 'post-commit'))).toBe(true);
  expect((await ask(context, 'hooks/uninstall', {})).unread).toBe(1);
  expect(existsSync(join(root, '.git', 'clew', 'spool'))).toBe(true);
  expect((await ask(context, 'hooks/uninstall', { purge: true })).unread).toBe(0);
  expect(existsSync(join(root, '.git', 'clew'))).toBe(false);
});

test('lines that somebody added to a file of ours stay', async () => {
  const { context, root } = openRepository({ name: 'it' });
  const path = join(root, '.git', 'hooks', 'post-commit');
  await ask(context, 'hooks/install', {});
  appendFileSync(path, 'echo mine\n');
  await ask(context, 'hooks/uninstall', {});
  expect(readFileSync(path, 'utf8')).toBe('#!/bin/sh\necho mine\n');
});

test('a dispatcher that somebody changed is left, and it is said where the first hook is', async () => {
  const { context, root } = openRepository({
    name: 'it',
    files: { '.git/hooks/post-commit': ['755', '#!/usr/bin/perl\n1;\n'] },
  });
  await ask(context, 'hooks/install', {});
  appendFileSync(join(root, '.git', 'hooks', 'post-commit'), 'echo mine\n');
  const { hooks } = await ask(context, 'hooks/uninstall', {});
  const refused = hooks.find((it) => it.hook === 'post-commit');
  expect(refused).toMatchObject({ outcome: 'refused', route: 'dispatcher' });
  expect(refused?.say).toContain(join(root, '.git/hooks/clew-kept/post-commit'));
  expect(existsSync(join(root, '.git/hooks/clew-kept/post-commit'))).toBe(true);
});

test('ours in the usual folder is taken out after core.hooksPath led elsewhere', async () => {
  const { context, root, git } = openRepository({ name: 'it' });
  git('config', 'x.y', 'z');
  const before = readTree(join(root, '.git', 'hooks'));
  await ask(context, 'hooks/install', {});
  git('config', 'core.hooksPath', 'elsewhere');
  await ask(context, 'hooks/uninstall', {});
  expect(readTree(join(root, '.git', 'hooks'))).toEqual(before);
});

test('what was put aside by an install that died at once is found again', async () => {
  const { context, root, git } = openRepository({
    name: 'it',
    files: { '.git/hooks/clew-kept/post-commit': ['755', '#!/usr/bin/perl\nexit 3;\n'] },
  });
  const { hooks } = await ask(context, 'hooks/install', {});
  expect(hooks[1]).toMatchObject({ route: 'dispatcher', outcome: 'added' });
  expect(git('hook', 'run', 'post-commit').status).toBe(3);
  await ask(context, 'hooks/uninstall', {});
  expect(readFileSync(join(root, '.git/hooks/post-commit'), 'utf8')).toContain('exit 3');
  expect(existsSync(join(root, '.git/hooks/clew-kept'))).toBe(false);
});

test('nothing is there to take out', async () => {
  const { context, root } = openRepository({ name: 'it' });
  writeFileSync(join(root, '.git', 'hooks', 'post-commit'), '#!/bin/sh\n');
  const before = readTree(root);
  const { hooks, steps } = await ask(context, 'hooks/uninstall', {});
  expect([hooks.map((it) => it.outcome), steps]).toEqual([Array(4).fill('absent'), []]);
  expect(readTree(root)).toEqual(before);
});
