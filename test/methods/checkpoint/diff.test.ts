/** checkpoint/diff over the real engine: two checkpoints, one and now, and what it cannot show. */
import {
  chmodSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Context } from '../../../src/methods/context.ts';
import { makeFolder } from '../../scratch.ts';
import { ask, openAt, recordWorkspace } from '../recorded.ts';
import { smallStory } from '../small-story.ts';

const numbers = Array.from({ length: 40 }, (_, at) => `${at}\n`);

function open() {
  const recorded = recordWorkspace(smallStory);
  const write = (path: string, text: string | Buffer) => {
    mkdirSync(join(recorded.root, path, '..'), { recursive: true });
    writeFileSync(join(recorded.root, path), text);
  };
  const context = openAt(recorded);
  return { root: recorded.root, context, write };
}

async function take(context: Context): Promise<string> {
  const keeper = await context.keeper();
  return (await keeper.take(context.mint())).id;
}

test('between two checkpoints, in any order, by the end of their ids', async () => {
  const { root, context, write } = open();
  write('a.txt', numbers.join(''));
  write('src/old.ts', numbers.join('x'));
  write('run.sh', 'x\n');
  write('gone', 'x\n');
  write('data', Buffer.from([0, 1]));
  const from = await take(context);
  write('a.txt', numbers.with(3, 'three\n').with(30, 'thirty\n').join(''));
  renameSync(join(root, 'src/old.ts'), join(root, 'src/new.ts'));
  chmodSync(join(root, 'run.sh'), 0o755);
  rmSync(join(root, 'gone'));
  symlinkSync('a.txt', join(root, 'gone'));
  write('data', Buffer.from([0, 2]));
  write('fresh/made.txt', 'x');
  const to = await take(context);
  const told = await ask(context, 'checkpoint/diff', { from: from.slice(-8).toLowerCase(), to });
  expect(told).toMatchObject({ from, to });
  expect(told).not.toHaveProperty('notes');
  const short = told.files.map(({ path, status, kind, added, removed }) =>
    [path, status, kind, added, removed].join(' '),
  );
  expect(short).toEqual([
    'a.txt modified text 2 2',
    'data modified binary 0 0',
    'fresh/made.txt added text 1 0',
    'gone type link 1 1',
    'run.sh mode mode 0 0',
    'src/new.ts renamed text 0 0',
  ]);
  expect(told.files[0]?.hunks?.map((it) => it.changes)).toEqual([[1], [2]]);
  expect(told.files[5]).toMatchObject({ oldPath: 'src/old.ts', similarity: 100 });
  const back = await ask(context, 'checkpoint/diff', { from: to, to: from });
  expect(back.files.map((it) => it.status)).toEqual([
    'modified',
    'modified',
    'removed',
    'type',
    'mode',
    'renamed',
  ]);
});

test('and now: what is there is taken, once', async () => {
  const { context, write } = open();
  write('a.txt', 'one\n');
  const from = await take(context);
  expect((await ask(context, 'checkpoint/diff', { from })).files).toEqual([]);
  write('a.txt', 'two\n');
  const told = await ask(context, 'checkpoint/diff', { from });
  expect(told.files).toMatchObject([{ path: 'a.txt', added: 1, removed: 1 }]);
  expect(await ask(context, 'checkpoint/diff', { from })).toEqual(told);
  const all = await (await context.keeper()).list();
  expect(all.map((it) => [it.id, it.marks])).toEqual([
    [from, {}],
    [told.to, { reason: 'look' }],
  ]);
});

test('a file too large for a quick look is no removal, and now is looked at in full', async () => {
  const { root, context, write } = open();
  write('a.txt', 'one\n');
  write('large', '');
  truncateSync(join(root, 'large'), 33 << 20);
  const quick = await take(context);
  truncateSync(join(root, 'large'), 34 << 20);
  const now = await ask(context, 'checkpoint/diff', { from: quick });
  expect(now.files).toEqual([]);
  expect(now.notes).toEqual([
    `left out, since checkpoint ${quick.slice(-6).toLowerCase()} could not have it: large`,
  ]);
  const later = await ask(context, 'checkpoint/diff', { from: now.to });
  expect([later.files, later.notes]).toEqual([[], undefined]);
  const back = await ask(context, 'checkpoint/diff', { from: now.to, to: quick });
  expect([back.files, back.notes]).toEqual([[], now.notes]);
});

test('only some paths, and as much around them as is wanted', async () => {
  const { root, context, write } = open();
  write('a/one', numbers.join(''));
  write('ab', 'x\n');
  const from = await take(context);
  write('a/one', numbers.with(20, 'x\n').join(''));
  write('ab', 'y\n');
  const told = async (paths: string[]) =>
    (await ask(context, 'checkpoint/diff', { from, paths, context: 0 })).files;
  expect((await told(['a'])).map((it) => it.path)).toEqual(['a/one']);
  expect((await told([join(root, 'ab'), 'nowhere'])).map((it) => it.path)).toEqual(['ab']);
  expect((await told(['.'])).map((it) => it.path)).toEqual(['a/one', 'ab']);
  expect((await told(['a/one']))[0]?.hunks?.[0]?.lines).toEqual(['-20', '+x']);
  await expect(told(['../elsewhere'])).rejects.toMatchObject({ code: 'invalid-params' });
  await expect(told(['/etc'])).rejects.toMatchObject({ code: 'invalid-params' });
});

test('too many lines are left out, and it says so', async () => {
  const { context, write } = open();
  const from = await take(context);
  write('a.txt', numbers.join(''));
  write('b.txt', 'short\n');
  const told = await ask(context, 'checkpoint/diff', { from, limitBytes: 20 });
  expect(told.truncated).toBe(true);
  expect(told.files).toMatchObject([
    { path: 'a.txt', added: 40, why: expect.stringMatching(/left out/) },
    { path: 'b.txt', added: 1, hunks: [{ lines: ['+short'] }] },
  ]);
  expect(told.files[0]).not.toHaveProperty('hunks');
});

test('who asks for what is not there hears so, and nothing is made', async () => {
  const { context } = open();
  const from = await take(context);
  await expect(ask(context, 'checkpoint/diff', { from: 'nobody' })).rejects.toMatchObject({
    code: 'unknown-id',
  });
  await expect(ask(context, 'checkpoint/diff', { from, to: 'nobody' })).rejects.toMatchObject({
    code: 'unknown-id',
  });
  expect(await (await context.keeper()).list()).toHaveLength(1);
});

test('where nothing is recorded', async () => {
  const folder = makeFolder();
  const env = { CLEW_HOME: join(folder, 'state'), HOME: folder };
  const context = openAt({ root: folder, env, state: '', journal: '', write: () => undefined });
  await expect(ask(context, 'checkpoint/diff', { from: 'x' })).rejects.toMatchObject({
    code: 'no-workspace',
  });
});
