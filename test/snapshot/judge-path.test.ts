/** Paths out of a store that must never be written, among them the four that git itself accepts. */
import { describe, expect, it } from 'vitest';
import { judgePath, leavesTree } from '../../src/snapshot/judge-path.ts';
import { readPath } from '../../src/snapshot/raw-path.ts';

const refused = [
  '',
  '/',
  '/etc/passwd',
  '..',
  '../x',
  'a/..',
  'a/../b',
  '.',
  './a',
  'a/./b',
  'a//b',
  'a/',
  'a\0b',
  '.git',
  '.git/config',
  'a/.git',
  'a/.git/hooks/x',
  '.GIT',
  '.Git/x',
  '.giT',
  'git~1',
  'GIT~1/config',
  'git~2',
  'a/git~1/x',
  '.git.',
  '.git ',
  '.git...',
  '.git. .',
  '.git::$INDEX_ALLOCATION',
  '.git:x',
  '.git\\config',
  'a\\.git\\x',
  '\\.git',
  '..\\.git\\x',
  '.g\u200cit',
  '.gi\u200dt',
  '\u200e.git',
  '.git\u200f',
  '.g\u202ait',
  '.g\u202eit',
  '.g\u206ait',
  '.g\u206fit',
  '\ufeff.git',
  '.GI\u200cT/x',
  `${'n'.repeat(256)}`,
  `a/${'n'.repeat(256)}/b`,
  `${'long/'.repeat(900)}x`,
];
const allowed = [
  'a',
  'a/b',
  '.gitignore',
  '.gitattributes',
  '.github/workflows/x.yml',
  'git',
  'git~',
  'git~x',
  'agit~1',
  '.gitx',
  'x.git',
  'x.git/y',
  '-rf',
  '--upload-pack=x',
  ' a',
  'a ',
  'a.',
  'new\nline',
  'a\\b',
  'con',
  'é',
  '\udcff',
  '...',
  '..a',
  'a..',
  `${'n'.repeat(255)}`,
];

describe('a path', () => {
  for (const path of refused)
    it(`is refused: ${JSON.stringify(path.slice(0, 60))}`, () =>
      expect(judgePath(readPath(path))).toBeDefined());
  for (const path of allowed)
    it(`is allowed: ${JSON.stringify(path.slice(0, 60))}`, () =>
      expect(judgePath(readPath(path))).toBeUndefined());
});

it('knows which links leave the tree', () => {
  const cases: [string, string, boolean][] = [
    ['a', 'b', false],
    ['a', '/etc/passwd', true],
    ['a', '..', true],
    ['d/a', '..', false],
    ['d/a', '../../x', true],
    ['d/e/a', '../../x', false],
    ['a', 'x/../../y', true],
    ['a', 'x/../y', false],
    ['a', './b', false],
  ];
  for (const [path, target, leaves] of cases)
    expect({ path, target, leaves: leavesTree(path, target) }).toEqual({ path, target, leaves });
});
