/** A patch is right when git makes of what was before exactly what is after; and looks as git's own. */
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writePatch, writePatchHead } from '../../src/compare/write-patch.ts';
import { readPath } from '../../src/snapshot/raw-path.ts';
import { git } from '../git.ts';
import { makeFolder } from '../scratch.ts';
import { sizeOf } from '../soak.ts';
import { compareTrees, file, readTree, type SmallTree, writeTree } from './small-tree.ts';

const patchBytes = (patch: string) => Buffer.from(readPath(patch), 'latin1');

const line = fc.constantFrom(
  'a\n',
  'b\n',
  'function c() {\n',
  '}\n',
  '\n',
  '\r\n',
  'ends so\r\n',
  'gr\xc3\xbc\xc3\x9fe\n',
  'latin \xfc\n',
  'two\rreturns\r\r\n',
  '-- minus\n',
  '+++ b/plus\n',
  '\\ No newline at end of file\n',
);
const last = fc.constantFrom('', '', 'no end', '\xff', '\r');
const text = fc
  .tuple(fc.array(line, { maxLength: 25 }), last)
  .map(([lines, end]) => lines.join('') + end);
const name = fc.constantFrom(
  'a',
  'b',
  'a b',
  'T\xc3\xbcr',
  '\xff',
  '"q"',
  'back\\slash',
  'tab\there',
  'new\nline',
  'x.txt ',
);
const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join('/'));
const kept = fc.oneof(
  { weight: 6, arbitrary: text.map((it) => file(it)) },
  { weight: 2, arbitrary: text.map((it) => file(it, '100755')) },
  { weight: 1, arbitrary: fc.constantFrom('a', '../x', '\xfc').map((it) => file(it, '120000')) },
);

/** Nothing stands under what is no folder. */
function withoutClashes(tree: SmallTree): SmallTree {
  const paths = Object.keys(tree);
  const isUnder = (one: string) => paths.some((it) => one.startsWith(`${it}/`));
  return Object.fromEntries(Object.entries(tree).filter(([it]) => !isUnder(it)));
}

const tree = fc.dictionary(path, kept, { maxKeys: 6 }).map(withoutClashes);

/** Files move, are edited and change their mode, more often than chance alone would have it. */
const pair = fc
  .tuple(tree, tree, fc.array(fc.tuple(fc.nat(), path, fc.nat(), fc.boolean()), { maxLength: 4 }))
  .map(([before, other, moves]) => {
    const after: Record<string, SmallTree[string]> = { ...before };
    for (const [pick, to, place, isRun] of moves) {
      const from = Object.keys(after)[pick % Math.max(1, Object.keys(after).length)];
      const moved = from === undefined ? undefined : after[from];
      if (from === undefined || moved === undefined || moved.mode === '120000') continue;
      if (place % 3 > 0) delete after[from];
      const cut = place % (moved.text.length + 1);
      const edited = `${moved.text.slice(0, cut)}edited\n${moved.text.slice(cut)}`;
      after[to] = file(place % 2 ? edited : moved.text, isRun ? '100755' : moved.mode);
    }
    for (const [at, it] of Object.entries(other)) if (at.length % 2 === 0) after[at] = it;
    return { before, after: withoutClashes(after) };
  });

const runs = sizeOf(120, 5000);

describe('git apply', () => {
  it('makes of the tree before exactly the tree after', async () => {
    const top = makeFolder();
    let count = 0;
    await fc.assert(
      fc.asyncProperty(pair, fc.integer({ min: 0, max: 4 }), async ({ before, after }, context) => {
        count += 1;
        const folder = join(top, String(count));
        writeTree(folder, before);
        const patch = writePatch(await compareTrees(before, after, context));
        const options = context === 0 ? ['--unidiff-zero'] : [];
        if (patch !== '')
          execFileSync('git', ['apply', '--whitespace=nowarn', ...options, '-'], {
            cwd: folder,
            input: patchBytes(patch),
            env: { PATH: process.env['PATH'], GIT_CEILING_DIRECTORIES: top },
            stdio: 'pipe',
          });
        expect(readTree(folder)).toEqual(after);
        // To remove thousands at the end takes longer than a hook may.
        rmSync(folder, { recursive: true, force: true });
      }),
      { numRuns: runs },
    );
  });
});

const numbers = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, at) => `${from + at}\n`).join('');

const cases: [string, SmallTree, SmallTree][] = [
  ['a line changed', { f: file(numbers(1, 20)) }, { f: file(numbers(1, 20).replace('10', 'x')) }],
  [
    'two changes near each other, and one far away',
    { f: file(numbers(1, 40)) },
    { f: file(numbers(1, 40).replace('5\n', '').replace('12\n', '12\nnew\n').replace('39', 'x')) },
  ],
  ['a file added', {}, { 'in/here': file('1\n2\n') }],
  ['an empty file added', {}, { f: file('') }],
  ['a file removed', { f: file('1\n2\n') }, {}],
  ['an empty file removed', { f: file('') }, {}],
  ['emptied', { f: file('1\n') }, { f: file('') }],
  ['no end of line before', { f: file('1\n2') }, { f: file('1\n2\n') }],
  ['no end of line after', { f: file('1\n2\n') }, { f: file('1\n2') }],
  ['no end of line in both', { f: file('1\n2\n3') }, { f: file('x\n2\n3') }],
  ['lines end otherwise', { f: file('1\r\n2\r\n') }, { f: file('1\n2\r\n') }],
  ['bytes that are no UTF-8', { f: file('\xfc\n\xe4\n') }, { f: file('\xfc\n\xf6\n') }],
  ['the right to run', { f: file('1\n') }, { f: file('1\n', '100755') }],
  ['the right to run, and a line', { f: file('1\n') }, { f: file('2\n', '100755') }],
  ['renamed', { 'a/old': file(numbers(1, 9)) }, { 'a/new': file(numbers(1, 9)) }],
  [
    'renamed and edited',
    { 'a b/old': file(numbers(1, 30)) },
    { 'a b/new': file(numbers(2, 33), '100755') },
  ],
  ['renamed and too different', { old: file(numbers(1, 9)) }, { new: file(numbers(20, 29)) }],
  ['a link turned', { l: file('a', '120000') }, { l: file('b', '120000') }],
  ['a file that became a link', { f: file('1\n2\n') }, { f: file('a', '120000') }],
  ['a link that became a file', { f: file('a', '120000') }, { f: file('1\n2\n') }],
  ['binary', { f: file('\0\x01') }, { f: file('\0\x02') }],
  ['binary added', {}, { f: file('\0\x02') }],
  ['binary renamed', { a: file('\0\x02') }, { b: file('\0\x02') }],
  [
    'names that need quotes',
    { '"q"': file('1\n'), 'T\xc3\xbcr': file('1\n'), 'a\tb\\\n\x01\x7f': file('1\n') },
    { '"q"': file('2\n'), 'T\xc3\xbcr': file('2\n'), 'a\tb\\\n\x01\x7f': file('2\n') },
  ],
  ['a name with a space', { 'a b': file('1\n') }, { 'a b': file('2\n') }],
];

/** What git says of the same two trees. */
function commitTrees(before: SmallTree, after: SmallTree): string {
  const folder = makeFolder();
  git(folder, 'init', '-q');
  const commit = (it: SmallTree) => {
    git(folder, 'rm', '-rqf', '--ignore-unmatch', '.');
    writeTree(folder, it);
    git(folder, 'add', '-A', '-f');
    git(folder, 'commit', '-q', '--allow-empty', '-m', 'x');
  };
  commit(before);
  commit(after);
  return folder;
}

describe('the same as git writes it', () => {
  it.each(cases)('%s', async (_, before, after) => {
    const folder = commitTrees(before, after);
    const said = execFileSync('git', ['diff', '-M', '--full-index', 'HEAD^', 'HEAD'], {
      cwd: folder,
      env: { PATH: process.env['PATH'], HOME: '/nonexistent' },
      encoding: 'latin1',
    });
    // Git guesses a heading for each hunk.
    const plain = said.replace(/^(@@ .* @@).*$/gm, '$1');
    expect(readPath(writePatch(await compareTrees(before, after)))).toBe(plain);
  });
});

it('shortens ids where people read them', async () => {
  const [changed] = await compareTrees({ f: file('1\n') }, { f: file('2\n') });
  expect(changed && writePatchHead(changed, { idDigits: 7 })).toContain(
    'index d00491f..0cfbf08 100644',
  );
});

it('names what it does not have, so that nothing is applied', async () => {
  const files = await compareTrees({ f: file('\0\n') }, { f: file('\0\n\n') });
  const folder = makeFolder();
  writeTree(folder, { f: file('\0\n') });
  writeFileSync(join(folder, 'patch'), patchBytes(writePatch(files)));
  expect(() => git(folder, 'apply', 'patch')).toThrow(/binary patch does not apply/);
});
