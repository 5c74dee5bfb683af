/** Which branch and commit a repository is at, held against what git itself says. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readHead } from '../../src/repo/head.ts';
import { git } from '../git.ts';
import { makeFolder } from '../scratch.ts';

function makeRepository(): string {
  const folder = makeFolder();
  git(folder, 'init', '-q', '-b', 'main', '.');
  git(folder, 'commit', '-q', '--allow-empty', '-m', 'x');
  return folder;
}

const dirsOf = (folder: string): [string, string] => [
  git(folder, 'rev-parse', '--absolute-git-dir'),
  git(folder, 'rev-parse', '--path-format=absolute', '--git-common-dir'),
];

const cases: [string, (folder: string) => string][] = [
  ['a fresh branch', (it) => it],
  [
    'a branch with slashes and ü',
    (it) => {
      git(it, 'switch', '-q', '-c', 'feature/ü');
      return it;
    },
  ],
  [
    'packed refs',
    (it) => {
      git(it, 'pack-refs', '--all');
      return it;
    },
  ],
  [
    'packed refs among many with one that ends alike',
    (it) => {
      git(it, 'branch', 'x/main');
      git(it, 'commit', '-q', '--allow-empty', '-m', 'y');
      git(it, 'tag', '-a', 'main', '-m', 'z');
      git(it, 'pack-refs', '--all');
      return it;
    },
  ],
  [
    'a loose ref over a packed one',
    (it) => {
      git(it, 'pack-refs', '--all');
      git(it, 'commit', '-q', '--allow-empty', '-m', 'y');
      return it;
    },
  ],
  [
    'a linked worktree',
    (it) => {
      git(it, 'worktree', 'add', '-q', '-b', 'other', join(it, 'linked'));
      return join(it, 'linked');
    },
  ],
  [
    'a linked worktree with packed refs',
    (it) => {
      git(it, 'worktree', 'add', '-q', '-b', 'other', join(it, 'linked'));
      git(it, 'pack-refs', '--all');
      return join(it, 'linked');
    },
  ],
  [
    'a branch that stands for another',
    (it) => {
      git(it, 'symbolic-ref', 'refs/heads/alias', 'refs/heads/main');
      git(it, 'symbolic-ref', 'HEAD', 'refs/heads/alias');
      return it;
    },
  ],
];

test.each(cases)('%s', (_, make) => {
  const folder = make(makeRepository());
  expect(readHead(...dirsOf(folder))).toEqual({
    branch: git(folder, 'symbolic-ref', 'HEAD').replace('refs/heads/', ''),
    head: git(folder, 'rev-parse', 'HEAD'),
  });
});

test('a detached HEAD has a commit and no branch', () => {
  const folder = makeRepository();
  git(folder, 'switch', '-q', '--detach');
  expect(readHead(...dirsOf(folder))).toEqual({ head: git(folder, 'rev-parse', 'HEAD') });
});

test('a branch without a commit has no head', () => {
  const folder = makeFolder();
  git(folder, 'init', '-q', '-b', 'main', '.');
  expect(readHead(join(folder, '.git'))).toEqual({ branch: 'main' });
});

test.each([
  ['a reftable', 'ref: refs/heads/.invalid\n'],
  ['a way out', 'ref: refs/heads/../../secret\n'],
  ['no ref', 'ref: /etc/passwd\n'],
  ['nothing', ''],
  ['noise', '\0\0\0'],
])('HEAD with %s is unknown', (_, text) => {
  const folder = makeFolder();
  writeFileSync(join(folder, 'HEAD'), text);
  writeFileSync(join(folder, 'secret'), 'a'.repeat(40));
  expect(readHead(folder)).toEqual({});
});

test('refs that name each other in a ring come to an end', () => {
  const folder = makeFolder();
  mkdirSync(join(folder, 'refs/heads'), { recursive: true });
  writeFileSync(join(folder, 'HEAD'), 'ref: refs/heads/a\n');
  writeFileSync(join(folder, 'refs/heads/a'), 'ref: refs/heads/b\n');
  writeFileSync(join(folder, 'refs/heads/b'), 'ref: refs/heads/a\n');
  expect(readHead(folder)).toEqual({});
});

test('a folder that is no repository has no head', () => {
  expect(readHead(join(makeFolder(), 'gone'))).toEqual({});
});
