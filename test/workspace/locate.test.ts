/** Which workspace a folder belongs to, held against what git itself says. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { locateWorkspace } from '../../src/workspace/locate.ts';
import { git } from '../git.ts';
import { makeFolder } from '../scratch.ts';

test('a folder without git is a workspace of its own', () => {
  const folder = makeFolder();
  expect(locateWorkspace(folder)).toEqual({ root: folder, linked: false });
});

test('without git, the nearest folder above that has state is the workspace', () => {
  const folder = makeFolder();
  mkdirSync(join(folder, 'a/b/c'), { recursive: true });
  const states = [folder, join(folder, 'a')];
  const found = locateWorkspace(join(folder, 'a/b/c'), (it) => states.includes(it));
  expect(found.root).toBe(join(folder, 'a'));
});

test('a repository is found from any folder inside, and through a symbolic link', () => {
  const folder = makeFolder();
  const repository = join(folder, 'my repo 日本');
  git(folder, 'init', '-q', repository);
  mkdirSync(join(repository, 'a/b'), { recursive: true });
  symlinkSync(join(repository, 'a'), join(folder, 'link'));
  const gitDir = join(repository, '.git');
  const found = { root: repository, gitDir, gitCommonDir: gitDir, linked: false };
  for (const it of [repository, join(repository, 'a/b'), join(folder, 'link', 'b')])
    expect(locateWorkspace(it)).toEqual(found);
});

test('a linked worktree is a workspace of its own and knows the common folder', () => {
  const folder = makeFolder();
  const main = join(folder, 'main');
  const linked = join(folder, 'linked tree');
  git(folder, 'init', '-q', main);
  git(main, 'commit', '-q', '--allow-empty', '-m', 'x');
  git(main, 'worktree', 'add', '-q', '-b', 'other', linked);
  mkdirSync(join(linked, 'sub'));
  expect(locateWorkspace(join(linked, 'sub'))).toEqual({
    root: linked,
    gitDir: git(linked, 'rev-parse', '--absolute-git-dir'),
    gitCommonDir: join(main, '.git'),
    linked: true,
  });
});

test('a submodule is a workspace of its own and no linked worktree', () => {
  const folder = makeFolder();
  const [inner, outer] = [join(folder, 'inner'), join(folder, 'outer')];
  git(folder, 'init', '-q', inner);
  git(inner, 'commit', '-q', '--allow-empty', '-m', 'x');
  git(folder, 'init', '-q', outer);
  git(outer, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', inner, 'sub');
  const found = locateWorkspace(join(outer, 'sub'));
  const gitDir = join(outer, '.git/modules/sub');
  expect(found).toEqual({ root: join(outer, 'sub'), gitDir, gitCommonDir: gitDir, linked: false });
});

test.each([
  ['an empty .git folder', (at: string) => mkdirSync(at)],
  ['a .git file that says nothing', (at: string) => writeFileSync(at, 'hello\n')],
  ['a .git file that names nothing', (at: string) => writeFileSync(at, 'gitdir: ../gone\n')],
  ['a .git file without end', (at: string) => writeFileSync(at, `gitdir: ${'x'.repeat(20_000)}`)],
  ['a .git that names itself', (at: string) => symlinkSync(at, at)],
  ['a .git that is a pipe', (at: string) => void execFileSync('mkfifo', [at])],
])('%s is passed by', (_, make) => {
  const folder = makeFolder();
  make(join(folder, '.git'));
  expect(locateWorkspace(folder)).toEqual({ root: folder, linked: false });
});

test('what is no folder is refused by name', () => {
  const folder = makeFolder();
  writeFileSync(join(folder, 'file'), '');
  for (const name of ['file', 'missing'])
    expect(() => locateWorkspace(join(folder, name))).toThrow(
      expect.objectContaining({ code: 'no-workspace', hint: expect.any(String) }),
    );
});
