/** hooks/install: on every layout what was said is done, what was there goes on to run, and uninstall is exact. */
import { chownSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { hookNames } from '../../../src/hooking/layout.ts';
import { openContext } from '../../../src/methods/context.ts';
import { makeFolder } from '../../scratch.ts';
import { ask } from '../recorded.ts';
import layouts from './cases/layouts.json' with { type: 'json' };
import { type LayoutCase, openRepository, type Repository, readTree } from './repository.ts';

const cases = layouts as unknown as readonly LayoutCase[];

const lookAt = ({ root, env }: Repository) => readTree(root, env['HOME'] ?? '');

/** As git itself runs them, without its advice on files that are not executable. */
const runHooks = ({ git }: Repository) =>
  hookNames.map((it) => git('hook', 'run', '--ignore-missing', it, '--', 'one', 'two words'));

const wishOf = ({ hook, inTree }: LayoutCase) => ({
  ...(hook === undefined ? {} : { hook }),
  ...(inTree === undefined ? {} : { inTree }),
});

/** The spool is told apart: it is made wherever hooks may run. */
function compare(before: Map<string, string>, after: Map<string, string>, root: string) {
  const changes: Record<string, string> = {};
  for (const path of new Set([...before.keys(), ...after.keys()])) {
    const name = path.slice(root.length + 1);
    if (before.get(path) === after.get(path) || /^\.git\/clew(\/spool)?$/.test(name)) continue;
    changes[name] = !after.has(path) ? '-' : before.has(path) ? '~' : '+';
  }
  return changes;
}

describe.each(cases)('$name', (it) => {
  test('changes what it says, goes on to run what was there, and goes away without a trace', async () => {
    const repository = openRepository(it);
    const { context, root } = repository;
    const ran = runHooks(repository);
    const before = lookAt(repository);

    const planned = await ask(context, 'hooks/install', { ...wishOf(it), dryRun: true });
    expect(lookAt(repository)).toEqual(before);
    const { hooks, steps } = await ask(context, 'hooks/install', wishOf(it));
    expect(hooks.map(({ route, outcome }) => `${route} ${outcome}`)).toEqual(it.routes);
    expect(planned).toEqual({ hooks, steps, dryRun: true });
    const after = lookAt(repository);
    expect(compare(before, after, root)).toEqual(it.changed);

    const again = await ask(context, 'hooks/install', wishOf(it));
    expect(again.steps).toEqual([]);
    expect(lookAt(repository)).toEqual(after);

    expect(runHooks(repository)).toEqual(ran);
    await ask(context, 'hooks/uninstall', { purge: true });
    expect(lookAt(repository)).toEqual(before);
  });
});

const spoolOf = ({ root }: Repository) => join(root, '.git', 'clew', 'spool');
const heard = (repository: Repository) =>
  readdirSync(spoolOf(repository))
    .map((it) => it.split('.')[0])
    .sort();

test.each(
  cases.filter((it) => it.routes.some((route) => /^(file|block|dispatcher) added/.test(route))),
)('git tells us of a commit, an amend and a switch: $name', async (it) => {
  const repository = openRepository(it);
  const { context, git } = repository;
  await ask(context, 'hooks/install', wishOf(it));
  git('commit', '-q', '--allow-empty', '-m', 'x');
  git('commit', '-q', '--allow-empty', '--amend', '-m', 'y');
  git('switch', '-q', '-c', 'other');
  const { hooks } = await ask(context, 'hooks/status', {});
  const works = hooks.filter((hook) => hook.state === 'installed').map((hook) => hook.hook);
  const happened = ['post-checkout', 'post-commit', 'post-commit', 'post-rewrite'];
  expect(heard(repository)).toEqual(happened.filter((hook) => works.some((own) => own === hook)));
  expect(works.length).toBeGreaterThan(0);
});

test.each([
  ['sh', '#!/bin/sh\ncat > rewritten\n'],
  ['bash', '#!/bin/bash -eu\ncat > rewritten\n'],
  ['Perl', '#!/usr/bin/perl\nopen(my $out, ">", "rewritten"); print $out <STDIN>;\n'],
])('what git tells of rewritten commits reaches a hook in %s as well', async (_, text) => {
  const repository = openRepository({
    name: 'it',
    files: { '.git/hooks/post-rewrite': ['755', text] },
  });
  const { context, git, root } = repository;
  await ask(context, 'hooks/install', {});
  for (let n = 0; n < 150; n += 1) git('commit', '-q', '--allow-empty', '-m', `${n}`);
  git('commit', '-q', '--allow-empty', '--amend', '-m', 'again');
  const pair = /^[0-9a-f]{40} [0-9a-f]{40}\n$/;
  expect(readFileSync(join(root, 'rewritten'), 'utf8')).toMatch(pair);
  git('rebase', '-q', '--root', '--force-rebase');
  const pairs = readFileSync(join(root, 'rewritten'), 'utf8');
  expect(pairs.trim().split('\n')).toHaveLength(150);
  const [file = ''] = readdirSync(spoolOf(repository)).filter((it) =>
    readFileSync(join(spoolOf(repository), it), 'utf8').includes('\trebase\t'),
  );
  expect(readFileSync(join(spoolOf(repository), file), 'utf8')).toContain(`\n${pairs}end\n`);
});

test('a linked worktree and a submodule tell their own repository', async () => {
  const repository = openRepository({ name: 'it' });
  const { context, git, root } = repository;
  git('commit', '-q', '--allow-empty', '-m', 'x');
  await ask(context, 'hooks/install', {});
  git('worktree', 'add', '-q', '-b', 'other', '../linked tree');
  git('-C', '../linked tree', 'commit', '-q', '--allow-empty', '-m', 'y');
  const add = ['submodule', '--quiet', 'add', root, 'sub module'];
  expect(git('-c', 'protocol.file.allow=always', ...add).status).toBe(0);
  const inside = openContext({ folder: join(root, 'sub module'), env: repository.env });
  onTestFinished(() => inside.close());
  await ask(inside, 'hooks/install', {});
  git('-C', 'sub module', 'commit', '-q', '--allow-empty', '-m', 'z');
  expect(readdirSync(join(root, '.git/modules/sub module/clew/spool'))).toHaveLength(1);
  const lines = readdirSync(spoolOf(repository)).map((it) =>
    readFileSync(join(spoolOf(repository), it), 'utf8')
      .split('\n')[0]
      ?.split('\t'),
  );
  expect(lines.map((it) => [it?.[1], it?.[5], it?.[6]]).sort()).toEqual([
    ['post-checkout', 'refs/heads/other', 'linked-tree'],
    ['post-commit', 'refs/heads/other', 'linked-tree'],
  ]);
  expect(existsSync(join(root, '.git/worktrees/linked-tree/clew'))).toBe(false);
});

test('a hook of an older clew is renewed, and a second dispatcher never runs the first', async () => {
  const repository = openRepository({
    name: 'it',
    files: { '.git/hooks/post-commit': ['755', '#!/usr/bin/perl\nprint "perl\\n"; exit 3;\n'] },
  });
  const { context, git, root } = repository;
  const before = lookAt(repository);
  await ask(context, 'hooks/install', {});
  const whole = lookAt(repository);
  for (const hook of hookNames) {
    const path = join(root, '.git', 'hooks', hook);
    const text = readFileSync(path, 'latin1');
    writeFileSync(
      path,
      text.replace('BEGIN clew v1', 'BEGIN clew v0').replace('from=agent', 'from=x'),
    );
  }
  const { hooks: old } = await ask(context, 'hooks/status', {});
  expect(old.map((it) => it.state)).toEqual(Array(4).fill('outdated'));
  const { hooks } = await ask(context, 'hooks/install', {});
  expect(hooks.map((it) => it.outcome)).toEqual(Array(4).fill('renewed'));
  expect(lookAt(repository)).toEqual(whole);
  expect(git('hook', 'run', 'post-commit')).toEqual({ status: 3, said: 'perl\n' });
  await ask(context, 'hooks/uninstall', { purge: true });
  expect(lookAt(repository)).toEqual(before);
});

test("another process holds git's config: nothing is half done", async () => {
  const repository = openRepository({ name: 'it', git: '2.60.1' });
  const { context, root } = repository;
  writeFileSync(join(root, '.git', 'config.lock'), '');
  await expect(ask(context, 'hooks/install', {})).rejects.toMatchObject({
    code: 'hooks-refused',
    data: { code: 'EEXIST' },
  });
  expect(readFileSync(join(root, '.git', 'config'), 'utf8')).not.toContain('clew');
});

test('the git of a later time is told by its config, which git of today still reads', async () => {
  const repository = openRepository({ name: 'it', git: '2.54.0' });
  const { context, git, root } = repository;
  await ask(context, 'hooks/install', { hook: 'post-commit' });
  await ask(context, 'hooks/install', { hook: 'post-merge' });
  expect(git('config', '--get', 'hook.clew-post-commit.event').said).toBe('post-commit\n');
  const command = git('config', '--get', 'hook.clew-post-merge.command').said.trim();
  expect(command).toBe(`'${root.replace("'", "'\\''")}/.git/clew/hooks/post-merge'`);
  const { hooks } = await ask(context, 'hooks/status', {});
  expect(hooks.map((it) => it.state)).toEqual(['missing', 'installed', 'installed', 'missing']);
});

test('a folder without a repository is refused', async () => {
  const folder = makeFolder();
  const context = openContext({ folder, env: { CLEW_HOME: join(folder, 'state') } });
  onTestFinished(() => context.close());
  await expect(ask(context, 'hooks/install', {})).rejects.toMatchObject({ code: 'no-repository' });
});

test.runIf(process.getuid?.() === 0)("another user's repository is refused", async () => {
  const { context, root } = openRepository({ name: 'it' });
  chownSync(join(root, '.git'), 12345, 12345);
  await expect(ask(context, 'hooks/install', {})).rejects.toMatchObject({ code: 'hooks-refused' });
  await expect(ask(context, 'hooks/status', {})).rejects.toMatchObject({ code: 'hooks-refused' });
});
