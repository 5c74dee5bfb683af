/** clew diff as it is run: a patch to the byte in a pipe, safe to look at on a terminal. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import type { Io } from '../../src/cli/io.ts';
import { compileSchema } from '../../src/methods/validate.ts';
import { openAt, type Recorded, recordWorkspace } from '../methods/recorded.ts';
import { smallStory } from '../methods/small-story.ts';
import { runHere } from './fake-io.ts';

const numbers = Array.from({ length: 40 }, (_, at) => `${at}\n`);

/** Two checkpoints, of what was before and of what is after. */
async function record(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
  change: (root: string) => void = () => undefined,
): Promise<Recorded & { from: string; to: string }> {
  const recorded = recordWorkspace(smallStory);
  const context = openAt(recorded);
  const keeper = await context.keeper();
  const write = (files: Readonly<Record<string, string>>) => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(join(recorded.root, path, '..'), { recursive: true });
      writeFileSync(join(recorded.root, path), text, 'latin1');
    }
  };
  write(before);
  const from = (await keeper.take(context.mint())).id;
  change(recorded.root);
  write(after);
  const to = (await keeper.take(context.mint())).id;
  return { ...recorded, from, to };
}

async function diff(recorded: Recorded, argv: string[], world: Partial<Io> = {}) {
  const ran = await runHere(['diff', ...argv], {
    cwd: recorded.root,
    env: recorded.env,
    ...world,
  });
  expect({ exit: ran.exit, err: ran.err }).toEqual({ exit: 0, err: '' });
  return ran;
}

test('in a pipe it is what git apply takes, both ways, whatever the bytes', async () => {
  const before = { 'T\xc3\xbcr.txt': 'gr\xfc\xdf\r\n\x1b[31m\u0007\nend', 'a/b': numbers.join('') };
  const after = { 'T\xc3\xbcr.txt': 'gr\xfc\xdf\r\n\x1b[32m\nend\n', 'a/b': numbers.join('\r') };
  const recorded = await record(before, after);
  const { bytes } = await diff(recorded, [recorded.to, recorded.from]);
  execFileSync('git', ['apply', '-'], {
    cwd: recorded.root,
    input: bytes,
    env: { PATH: process.env['PATH'] },
  });
  for (const [path, text] of Object.entries(before))
    expect(readFileSync(join(recorded.root, path), 'latin1')).toBe(text);
});

test('on a terminal nothing moves the cursor or hides, and hunks have numbers', async () => {
  const recorded = await record(
    { 'in/a\u202eb': `x\x1b[2J\xe2\x80\xae\n${numbers.join('')}`, dos: '1\r\n2\r\n' },
    {
      'in/a\u202eb': `y\x1b[2J\xe2\x80\xae\n${numbers.with(2, '').with(30, 'z\n').join('')}`,
      dos: '1\r\n3\r\n',
    },
  );
  const world = { columns: 80, usesColor: true };
  const { out } = await diff(recorded, [recorded.from, recorded.to], world);
  const plain = stripVTControlCharacters(out);
  expect(plain).toMatchInlineSnapshot(`
    "diff --git a/dos b/dos
    index bd956ea..ba4737c 100644
    --- a/dos
    +++ b/dos
    @@ -1,2 +1,2 @@ hunk 1
     1
    -2
    +3
    diff --git a/in/a\\u{202e}b b/in/a\\u{202e}b
    index 269c693..11730e7 100644
    --- a/in/a\\u{202e}b
    +++ b/in/a\\u{202e}b
    @@ -1,7 +1,6 @@ hunks 1 to 2
    -x\\x1b[2J\\u{202e}
    +y\\x1b[2J\\u{202e}
     0
     1
    -2
     3
     4
     5
    @@ -29,7 +28,7 @@ hunk 3
     27
     28
     29
    -30
    +z
     31
     32
     33
    "
  `);
  const { out: uncoloured } = await diff(recorded, [recorded.from, recorded.to], { columns: 80 });
  expect(uncoloured).toBe(plain);
});

test('each change by itself, and only some paths', async () => {
  const recorded = await record(
    { a: numbers.join(''), 'src/b': '1\n' },
    { a: numbers.with(2, 'x\n').with(4, 'y\n').join(''), 'src/b': '2\n' },
  );
  const { out } = await diff(recorded, [recorded.from, recorded.to, '-U', '0', '--', 'a'], {
    columns: 80,
  });
  expect(out.split('\n').slice(4)).toEqual([
    '@@ -3 +3 @@ hunk 1',
    '-2',
    '+x',
    '@@ -5 +5 @@ hunk 2',
    '-4',
    '+y',
    '',
  ]);
  const inside = { cwd: join(recorded.root, 'src'), columns: 80 };
  const { out: there } = await diff(recorded, [recorded.from, '--stat', '--', 'b'], inside);
  expect(there).toBe(' src/b | 2 +-\n 1 file changed, 1 insertion(+), 1 deletion(-)\n');
});

test('a summary: renames, binary files, and bars that fit', async () => {
  const recorded = await record(
    { 'src/old/a.ts': numbers.join(''), data: '\0', long: '' },
    { data: '\0\0', long: numbers.join(numbers.join('')) },
    (root) => renameSync(join(root, 'src/old'), join(root, 'src/new')),
  );
  const argv = [recorded.from, recorded.to, '--stat'];
  expect((await diff(recorded, argv, { columns: 40 })).out).toMatchInlineSnapshot(`
    " data                  | Bin 1 -> 2 bytes
     long                  | 1600 +++++++++
     src/{old => new}/a.ts |    0
     3 files changed, 1600 insertions(+)
    "
  `);
});

test('nothing differs', async () => {
  const recorded = await record({ a: '1\n' }, {});
  expect((await diff(recorded, [recorded.from])).out).toBe('');
  expect((await diff(recorded, [recorded.from], { columns: 80 })).out).toBe('nothing differs\n');
});

test('what is not shown is said where it does not get into the patch', async () => {
  const recorded = await record({ data: '\0a' }, { data: '\0b' });
  const argv = ['diff', recorded.from, recorded.to];
  const { exit, out, err } = await runHere(argv, { cwd: recorded.root, env: recorded.env });
  expect(exit).toBe(0);
  expect(out).toMatch(/\nBinary files a\/data and b\/data differ\n$/);
  expect(err).toBe('clew: the lines of data are not shown: binary\n');
});

test('--json is the answer of checkpoint/diff', async () => {
  const recorded = await record({ a: '\xfc\n' }, { a: '\xe4\n' });
  const { out } = await diff(recorded, [recorded.from, recorded.to, '--json']);
  const check = await compileSchema('rpc/checkpoint/diff', 'result');
  expect(check(JSON.parse(out)), JSON.stringify(check.errors)).toBe(true);
  expect(JSON.parse(out).files[0].hunks[0].lines).toEqual(['-\udcfc', '+\udce4']);
});

test.each([
  ['no such checkpoint', ['nobody'], 5, /nobody\nhint: /],
  ['no number', ['x', '-U', 'many'], 2, /--unified is no number: many\nhint: /],
  ['no checkpoint', [], 2, /diff needs <checkpoint>/],
  ['a path outside', ['x', '--', '/etc'], 2, /\/etc is outside of the workspace/],
])('%s is refused', async (_, argv, code, said) => {
  const { root, env } = recordWorkspace(smallStory);
  const { exit, out, err } = await runHere(['diff', ...argv], { cwd: root, env });
  expect({ exit, out }).toEqual({ exit: code, out: '' });
  expect(err).toMatch(said);
});
