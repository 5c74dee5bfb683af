/** Renames: as git finds them, and given up where git's way would take too long. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findRenames } from '../../src/compare/find-renames.ts';
import { git } from '../git.ts';
import { sizeOf } from '../soak.ts';
import { file, openTrees, type SmallTree } from './small-tree.ts';
import { writeTreesByGit } from './write-trees-by-git.ts';

async function rename(before: SmallTree, after: SmallTree): Promise<string[]> {
  const { changes, sources } = openTrees(before, after);
  const found = await findRenames(changes, sources);
  return found.changes.map(({ path, oldPath, similarity, before: old, after: now }) => {
    if (oldPath !== undefined) return `R${similarity} ${oldPath} ${path}`;
    return `${old ? (now ? 'M' : 'D') : 'A'} ${path}`;
  });
}

function renameByGit(before: SmallTree, after: SmallTree): string[] {
  const { folder, trees } = writeTreesByGit(before, after);
  const said = git(folder, 'diff', '--name-status', '-M', ...trees);
  return said
    .split('\n')
    .filter((it) => it !== '')
    .map((it) => it.replace(/^R0*(\d)/, 'R$1').replaceAll('\t', ' '));
}

const lines = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, at) => `this is line ${from + at}\n`).join('');

const cases: [string, SmallTree, SmallTree, string[]][] = [
  ['the same bytes', { a: file('1\n') }, { b: file('1\n') }, ['R100 a b']],
  [
    'the same bytes, with the same name',
    { 'x/a': file('1\n'), 'x/b': file('1\n') },
    { 'y/b': file('1\n'), 'y/a': file('1\n') },
    ['R100 x/a y/a', 'R100 x/b y/b'],
  ],
  [
    'one old, two new: the other is made',
    { a: file(lines(0, 9)) },
    { b: file(lines(0, 9)), c: file(lines(0, 9)) },
    ['R100 a b', 'A c'],
  ],
  ['half alike', { a: file(lines(10, 20)) }, { b: file(lines(15, 25)) }, ['R50 a b']],
  ['less than half', { a: file(lines(0, 10)) }, { b: file(lines(6, 16)) }, ['D a', 'A b']],
  [
    'the one that is more alike',
    { a: file(lines(0, 20)), b: file(lines(3, 20)) },
    { c: file(lines(4, 20)) },
    ['D a', 'R94 b c'],
  ],
  [
    'other line ends',
    { a: file(lines(0, 20)) },
    { b: file(lines(0, 20).replaceAll('\n', '\r\n')) },
    ['R93 a b'],
  ],
  ['binary', { a: file(`\0${lines(0, 9)}`) }, { b: file(`\0${lines(1, 9)}`) }, ['R88 a b']],
  ['a link is no file', { a: file('target', '120000') }, { b: file('target') }, ['D a', 'A b']],
  ['a link', { a: file('target', '120000') }, { b: file('target', '120000') }, ['R100 a b']],
  ['a file that is still there', { a: file('1\n') }, { a: file('1\n'), b: file('1\n') }, ['A b']],
];

describe('found', () => {
  it.each(cases)('%s', async (_, before, after, told) => {
    expect(await rename(before, after)).toEqual(told);
  });

  it.each(cases)('as git does: %s', async (_, before, after) => {
    expect(await rename(before, after)).toEqual(renameByGit(before, after));
  });

  it('measures as git does', async () => {
    const line = fc.stringMatching(/^[a-c]{0,90}$/).map((it) => `${it}\n`);
    const text = fc.array(line, { minLength: 3, maxLength: 12 }).map((it) => it.join(''));
    await fc.assert(
      fc.asyncProperty(text, text, fc.nat(), async (one, other, cut) => {
        const at = cut % one.length;
        const [before, after] = [{ a: file(one) }, { b: file(one.slice(0, at) + other) }];
        expect(await rename(before, after)).toEqual(renameByGit(before, after));
      }),
      { numRuns: sizeOf(10, 500) },
    );
  });
});

describe('given up', () => {
  const many = (count: number, from: number): SmallTree =>
    Object.fromEntries(
      Array.from({ length: count }, (_, at) => [`${from + at}`, file(`${from + at}\n`)]),
    );

  it('too many pairs: the very same bytes are still found', async () => {
    const { changes, sources } = openTrees(
      { ...many(1200, 0), old: file('same\n') },
      { ...many(1200, 5000), new: file('same\n') },
    );
    const found = await findRenames(changes, sources);
    expect(found.gaveUp).toMatch(/too many/);
    expect(found.changes.filter((it) => it.oldPath !== undefined)).toMatchObject([
      { oldPath: 'old', path: 'new', similarity: 100 },
    ]);
    expect(found.changes).toHaveLength(2401);
  });

  it('a large file is not looked into', async () => {
    const large = lines(0, 60_000);
    expect(await rename({ a: file(large) }, { b: file(`${large}x\n`) })).toEqual(['D a', 'A b']);
  });

  it('what was never captured is no rename', async () => {
    const { changes } = openTrees({ a: file(lines(0, 9)) }, { b: file(lines(0, 8)) });
    const found = await findRenames(changes, { readBytes: () => undefined });
    expect(found).toEqual({ changes });
  });
});
