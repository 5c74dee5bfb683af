/** clew hooks: its words, what it prints, and how it ends. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openRepository } from '../methods/hooks/repository.ts';
import { runHere } from './fake-io.ts';

test('installs, tells, and takes out again', async () => {
  const { root, env } = openRepository({ name: 'it' });
  const world = { cwd: root, env };
  const planned = await runHere(['hooks', 'install', '--dry-run'], world);
  expect([planned.exit, planned.err]).toEqual([0, '']);
  expect(planned.out).toContain(`would write ${join(root, '.git/hooks/post-commit')}\n`);
  expect((await runHere(['hooks', 'status'], world)).out).toMatch(/^post-commit +missing +file/m);
  const installed = await runHere(['hooks', 'install', '--hook', 'post-commit', '--json'], world);
  expect(JSON.parse(installed.out)).toMatchObject({
    hooks: [{ hook: 'post-commit', outcome: 'added' }],
    dryRun: false,
  });
  expect((await runHere(['hooks', 'status'], world)).out).toMatch(/^post-commit +installed/m);
  const removed = await runHere(['hooks', 'uninstall'], world);
  expect([removed.exit, removed.err]).toEqual([0, '']);
  expect(removed.out).toMatch(/^post-commit +removed/m);
});

test('says what is left to a person, and ends with 9', async () => {
  const { root, env } = openRepository({ name: 'it', globalHooksPath: '~/mine' });
  const { exit, out } = await runHere(['hooks', 'install'], { cwd: root, env });
  expect(exit).toBe(9);
  expect(out).toContain('# --- BEGIN clew v1 ---\n');
  const status = await runHere(['hooks', 'status'], { cwd: root, env });
  expect(status.out).toContain('core.hooksPath is ');
});

test('without a word it is said how they stand, and what to do', async () => {
  const { root, env } = openRepository({ name: 'asked' });
  const { exit, out } = await runHere(['hooks'], { cwd: root, env });
  expect(exit).toBe(0);
  expect(out).toMatch(/^post-merge .*missing/m);
  expect(out).toMatch(/^none is installed; `clew hooks install` puts them in/m);
});

test.each([
  [['hooks', 'destroy'], 'hooks has no destroy'],
  [['hooks', 'install', '--hook', 'pre-push'], 'there is no hook pre-push'],
  [['hooks', 'status', '--purge'], 'hooks status takes no --purge'],
  [['hooks', 'install', '--purge'], 'hooks install takes no --purge'],
  [['hooks', 'uninstall', '--in-tree'], 'hooks uninstall takes no --in-tree'],
])('%j is refused', async (argv, said) => {
  const { exit, err } = await runHere(argv, { cwd: '/', env: {} });
  expect(exit).toBe(2);
  expect(err).toContain(said);
});
