/** The summary: as git prints it, for many names, counts and widths. */
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writeStat } from '../../src/compare/write-stat.ts';
import { sizeOf } from '../soak.ts';
import { compareTrees, file, type SmallTree } from './small-tree.ts';
import { writeTreesByGit } from './write-trees-by-git.ts';

function openRepository(before: SmallTree, after: SmallTree): (columns: number) => string {
  const { folder, trees } = writeTreesByGit(before, after);
  return (columns) =>
    execFileSync('git', ['diff', `--stat=${columns}`, '-M', ...trees], {
      cwd: folder,
      env: { PATH: process.env['PATH'], HOME: '/nonexistent' },
      encoding: 'latin1',
    });
}

const lines = (count: number, word = 'line') =>
  Array.from({ length: count }, (_, at) => `${word} ${at}\n`).join('');

const before: SmallTree = {
  short: file(lines(5)),
  'src/one/old-name.ts': file(lines(30)),
  'src/one/old-place.ts': file(lines(30, 'other')),
  'was/here/deep': file(lines(30, 'third')),
  'here/deep': file(lines(30, 'fourth')),
  run: file('1\n'),
  'a/very/long/folder/with/many/names/in/it/and/then/a/file-with-a-long-name.txt': file('1\n'),
  data: file('\0\0\0'),
  'T\xc3\xbcr': file('1\n'),
  'gone.txt': file(lines(3)),
};
const after: SmallTree = {
  short: file(lines(150, 'new')),
  'src/one/new-name.ts': file(lines(31)),
  'src/two/more/old-place.ts': file(lines(30, 'other')),
  'is/here/deep': file(lines(30, 'third')),
  'deeper/here/deep': file(lines(30, 'fourth')),
  run: file('1\n', '100755'),
  'a/very/long/folder/with/many/names/in/it/and/then/a/file-with-a-long-name.txt': file('2\n'),
  data: file('\0\0\0\0\0\0\0\0\0\0\0\0'),
  'T\xc3\xbcr': file('2\n'),
  'empty.txt': file(''),
};

describe('the same as git', () => {
  it('at any width', async () => {
    const byGit = openRepository(before, after);
    const files = await compareTrees(before, after);
    for (const columns of [20, 30, 40, 53, 60, 72, 80, 100, 133, 250])
      expect(writeStat(files, { columns })).toBe(byGit(columns));
  });

  it('for any counts', async () => {
    const count = fc.nat({ max: 300 });
    const counts = fc.array(fc.tuple(count, count), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(counts, fc.integer({ min: 20, max: 120 }), async (each, columns) => {
        const tree = (which: 0 | 1, word: string): SmallTree =>
          Object.fromEntries(
            each.map((it, at) => [`${'f'.repeat(at * 9)}${at}`, file(lines(it[which], word))]),
          );
        const [old, now] = [tree(0, 'old'), tree(1, 'new')];
        const files = await compareTrees(old, now);
        expect(writeStat(files, { columns })).toBe(
          files.length === 0 ? ' 0 files changed\n' : openRepository(old, now)(columns),
        );
      }),
      { numRuns: sizeOf(10, 500) },
    );
  });
});

it('says what cannot be counted', async () => {
  const [told] = await compareTrees({ a: file('1\n') }, { a: file('2\n') });
  if (told === undefined) throw new Error('nothing differs');
  const { hunks: _, ...rest } = { ...told, added: 0, removed: 0 };
  const files = [
    { ...rest, kind: 'missing' as const },
    { ...rest, path: 'b', kind: 'too-large' as const },
  ];
  expect(writeStat(files, { columns: 80 })).toBe(
    ' a | not captured\n b | too large\n 2 files changed, 0 insertions(+), 0 deletions(-)\n',
  );
});
