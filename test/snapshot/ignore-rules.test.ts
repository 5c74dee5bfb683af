/** Ignore rules, judged by git itself on the same lines and paths. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { isLeftOut, readIgnoreRules } from '../../src/snapshot/ignore-rules.ts';
import { sizeOf } from '../soak.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'clew-ignore-'));
  spawnSync('git', ['init', '-q', folder]);
  // `a` is a folder on disk; the others are not there, and so count as files.
  mkdirSync(join(folder, 'a/b/c'), { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const paths = [
  'a/',
  'a/b/',
  'a/b/c/',
  'a/x',
  'a/b/x',
  'a/b/c/x',
  'x',
  'x.log',
  'a/x.log',
  'a/b/x.log',
  '#x',
  '!x',
  'x ',
  'ab',
  'ax',
  'axx',
  'a-b',
  'a/b/c/ab',
  '[x]',
  'foo',
  'a/foo',
  '\\x',
  '.hidden',
  'a/.hidden',
];

function askGit(lines: readonly string[]): string[] {
  writeFileSync(join(folder, '.gitignore'), `${lines.join('\n')}\n`);
  const done = spawnSync(
    'git',
    ['-c', 'core.excludesFile=/dev/null', 'check-ignore', '--no-index', '-z', '--stdin'],
    {
      cwd: folder,
      input: paths.map((path) => path.replace(/\/$/, '')).join('\0'),
      encoding: 'latin1',
    },
  );
  return done.stdout
    .split('\0')
    .filter((path) => path !== '')
    .sort();
}

function askUs(lines: readonly string[]): string[] {
  const rules = readIgnoreRules(`${lines.join('\n')}\n`, '');
  return paths
    .filter((path) => isLeftOut(() => rules, path.replace(/\/$/, ''), path.endsWith('/')))
    .map((path) => path.replace(/\/$/, ''))
    .sort();
}

const cases: string[][] = [
  ['*.log'],
  ['*.log', '!x.log'],
  ['/x'],
  ['x/'],
  ['a/'],
  ['a/*', '!a/b'],
  ['a/b/', '!a/b/x'],
  ['**/x'],
  ['a/**'],
  ['a/**/x'],
  ['/a/**/'],
  ['**/foo'],
  ['**'],
  ['*'],
  ['*', '!*/'],
  ['\\#x'],
  ['\\!x'],
  ['x\\ '],
  ['x '],
  ['#x'],
  ['a?b'],
  ['a[-x]b'],
  ['a[!x]b'],
  ['[[:alpha:]]b'],
  ['[a-c]b'],
  ['\\[x\\]'],
  ['['],
  ['[x'],
  ['\\\\x'],
  ['a\\'],
  ['.*'],
  ['a/b', '!a/b'],
  ['/*', '!/a'],
  ['a/b/**', '!a/b/c/'],
  ['a**b'],
  ['a**/x', 'aa'],
  ['**\\/x'],
  ['/a**'],
  ['/a**/b'],
  ['a?**/x'],
  ['a/b**/x'],
  ['**b'],
  ['a/**b'],
  ['!x'],
  [''],
  ['/'],
  ['//'],
  ['a//b'],
  ['a/b/c/x/'],
  ['***'],
  ['a/***/x'],
  ['[]x]'],
  ['[^a]b'],
  ['[z-a]b'],
  ['?'],
];
for (const lines of cases) {
  it(JSON.stringify(lines), () => expect(askUs(lines)).toEqual(askGit(lines)));
}

it('any lines', () => {
  const piece = fc.constantFrom(
    'a',
    'b',
    'x',
    'foo',
    '*',
    '**',
    '?',
    '/',
    '/',
    '.log',
    '[ab]',
    '[!a]',
    '\\',
  );
  const line = fc
    .tuple(fc.constantFrom('', '', '', '!', '/'), fc.array(piece, { minLength: 1, maxLength: 5 }))
    .map(([start, pieces]) => start + pieces.join(''));
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 3 }), (lines) => {
      expect(askUs(lines)).toEqual(askGit(lines));
    }),
    { numRuns: sizeOf(150, 30_000) },
  );
});
