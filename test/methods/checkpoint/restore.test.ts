/** checkpoint/restore: goes back to a checkpoint, with everything or with some paths. */
import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { CheckpointRestore } from '../../../src/contract/types.gen.ts';
import { type Played, playAt } from '../checkpointed.ts';
import { hashFolder } from '../hash-folder.ts';
import { ask } from '../recorded.ts';

const restore = ({ context }: Played, params: CheckpointRestore['params']) =>
  ask(context, 'checkpoint/restore', params);
const take = async ({ context }: Played) =>
  (await ask(context, 'checkpoint/take', {})).checkpoint.id;

describe.each([false, true])('git: %s', (git) => {
  test('everything is as it was, whoever changed it, and what was so is not touched', async () => {
    const files = {
      'a.txt': 'one\n',
      'd/b.txt': 'b\n',
      'run.sh': { run: 'x\n' },
      link: { link: 'a.txt' },
      same: 's\n',
    };
    const played = await playAt({ git, files });
    mkdirSync(join(played.root, 'empty'));
    const before = played.readAll();
    const id = await take(played);
    const { mtimeNs } = lstatSync(join(played.root, 'same'), { bigint: true });
    await played.play('s1', { 'a.txt': 'two\n', d: undefined, 'new/deep/n.txt': 'n\n' });
    played.write({ 'run.sh': undefined });
    played.write({ 'run.sh': 'x\n', link: { link: 'same' } });
    rmSync(join(played.root, 'empty'), { recursive: true });
    const changed = played.readAll();
    const hash = git ? hashFolder(join(played.root, '.git')) : '';
    const done = await restore(played, { checkpoint: id });
    expect(done).toMatchObject({ of: { kind: 'checkpoint', id }, ready: true, skipped: [] });
    expect(played.readAll()).toEqual(before);
    expect(lstatSync(join(played.root, 'same'), { bigint: true }).mtimeNs).toBe(mtimeNs);
    if (git) expect(hashFolder(join(played.root, '.git'))).toBe(hash);
    // It is an undo's matter to take it back, and a restore's own as well.
    const back = await ask(played.context, 'undo/apply', {});
    expect(back.of).toEqual({ kind: 'undo', id: done.undo });
    expect(played.readAll()).toEqual(changed);
    await restore(played, { checkpoint: done.undo ?? '' });
    expect(played.readAll()).toEqual(changed);
    await restore(played, { checkpoint: id });
    expect(played.readAll()).toEqual(before);
  });
});

test('a restore that brings ignored files to light can be undone', async () => {
  const played = await playAt({ git: true, files: { '.gitignore': '', a: 'one\n' } });
  const id = await take(played);
  played.write({ '.gitignore': '*.tmp\n', a: 'two\n', 'b.tmp': 'mine\n' });
  const changed = played.readAll();
  await restore(played, { checkpoint: id });
  expect(played.readAll()).toEqual({ '.gitignore': '', a: 'one\n', 'b.tmp': 'mine\n' });
  const back = await ask(played.context, 'undo/apply', {});
  expect(back).toMatchObject({ ready: true, written: ['.gitignore', 'a'] });
  expect(played.readAll()).toEqual(changed);
});

test('a restore that takes a large file away can be undone, and that as well', async () => {
  const played = await playAt({ files: { a: 'one\n' } });
  const id = await take(played);
  const large = join(played.root, 'large');
  // More than is read while anybody waits.
  writeFileSync(large, Buffer.alloc((32 << 20) + 1, 'x'));
  await restore(played, { checkpoint: id });
  expect(existsSync(large)).toBe(false);
  for (const size of [(32 << 20) + 1, undefined]) {
    expect(await ask(played.context, 'undo/apply', {})).toMatchObject({ ready: true });
    expect(lstatSync(large, { throwIfNoEntry: false })?.size).toBe(size);
  }
});

test('a restore is undone by its id, around what was written since', async () => {
  const played = await playAt({ files: { 'a.txt': 'one\n', 'b.txt': 'b\n' } });
  const id = await take(played);
  played.write({ 'a.txt': 'two\n', 'b.txt': 'bb\n' });
  const done = await restore(played, { checkpoint: id });
  played.write({ 'b.txt': 'mine\n' });
  const asked = await ask(played.context, 'undo/apply', { of: done.undo ?? '' });
  expect(asked.ready).toBe(false);
  const choices = { keep: ['b.txt'] };
  await ask(played.context, 'undo/apply', { of: done.undo ?? '', choices });
  expect(played.readAll()).toEqual({ 'a.txt': 'two\n', 'b.txt': 'mine\n' });
});

test('only what is asked for goes back', async () => {
  const played = await playAt({ files: { 'd/a': 'a\n', 'd/b': 'b\n', c: 'c\n' } });
  const id = await take(played);
  played.write({ 'd/a': 'A\n', 'd/b': 'B\n', c: 'C\n', 'd/new': 'n\n' });
  await restore(played, { checkpoint: id, paths: ['d/a'] });
  played.write({ fresh: 'f\n' });
  await restore(played, { checkpoint: id, paths: ['fresh'] });
  expect(played.readAll()).toEqual({ 'd/a': 'a\n', 'd/b': 'B\n', 'd/new': 'n\n', c: 'C\n' });
  await restore(played, { checkpoint: id, paths: [join(played.root, 'd')] });
  expect(played.readAll()).toEqual({ 'd/a': 'a\n', 'd/b': 'b\n', c: 'C\n' });
});

test('the last one is not one that a look or an undo took for itself', async () => {
  const played = await playAt({ files: { a: 'a\n' } });
  const id = await take(played);
  played.write({ a: 'b\n' });
  await ask(played.context, 'checkpoint/plan', { checkpoint: '@last' });
  for (const word of ['@last', '@checkpoint', '@last']) {
    const done = await restore(played, { checkpoint: word });
    expect(done.of.id).toBe(id);
    expect(played.read('a')).toBe('a\n');
    if (done.undo !== undefined) await ask(played.context, 'undo/apply', {});
  }
});

test('a turn, a step and a session stand for the checkpoint before them', async () => {
  const played = await playAt({ files: { a: '0\n' } });
  const first = await played.play('s1', { a: '1\n' });
  const second = await played.play('s1', { a: '2\n' });
  const words: [string, string][] = [
    [second.turn, '1\n'],
    [first.step, '0\n'],
    ['@turn', '1\n'],
    ['@turn~1', '0\n'],
    ['@session', '0\n'],
  ];
  for (const [word, text] of words) {
    played.write({ a: 'now\n' });
    await restore(played, { checkpoint: word });
    expect([word, played.read('a')]).toEqual([word, text]);
  }
});

describe('refused, with nothing changed', () => {
  test.each([
    ['no such id', { checkpoint: 'NOBODY' }, 'unknown-id'],
    ['too few letters', { checkpoint: '01M' }, 'unknown-id'],
    ['too far back', { checkpoint: '@checkpoint~99' }, 'unknown-id'],
    ['no such word', { checkpoint: '@yesterday' }, 'unknown-id'],
    ['a path outside', { checkpoint: '@last', paths: ['../x'] }, 'invalid-params'],
    ['a path that never was', { checkpoint: '@last', paths: ['never'] }, 'unknown-id'],
    ['no id at all', { checkpoint: '' }, 'invalid-params'],
  ])('%s', async (_, params, code) => {
    const played = await playAt({ files: { a: 'a\n' } });
    await take(played);
    played.write({ a: 'b\n' });
    await expect(restore(played, params)).rejects.toMatchObject({ code });
    expect(played.readAll()).toEqual({ a: 'b\n' });
  });

  test('the beginning of many ids', async () => {
    const played = await playAt({ files: { a: 'a\n' } });
    const ids = [await take(played), await take(played)];
    const refused = restore(played, { checkpoint: ids[0]?.slice(0, 4) ?? '' });
    await expect(refused).rejects.toMatchObject({
      code: 'ambiguous-id',
      data: { candidates: ids.map((id) => ({ kind: 'checkpoint', id })) },
    });
  });

  test('a checkpoint of another workspace', async () => {
    const one = await playAt({ files: { a: 'a\n' } });
    const root = join(one.folder, 'another');
    const two = await playAt({ at: { folder: one.folder, root }, files: { a: 'x\n' } });
    const id = await take(one);
    await take(two);
    await expect(restore(two, { checkpoint: id })).rejects.toMatchObject({ code: 'unknown-id' });
    expect(two.readAll()).toEqual({ a: 'x\n' });
  });

  test('a folder in the place of a file, with something in it that nobody planned to remove', async () => {
    const files = { '.gitignore': 'ignored\n', a: 'a\n', b: 'b\n' };
    const played = await playAt({ git: true, files });
    const id = await take(played);
    played.write({ a: undefined, b: 'B\n' });
    played.write({ 'a/ignored': 'precious\n' });
    const before = played.readAll();
    await expect(restore(played, { checkpoint: id })).rejects.toMatchObject({
      code: 'restore-refused',
    });
    expect(played.readAll()).toEqual(before);
  });

  test('no space, on a disk that is too small', async (context) => {
    if (process.getuid?.() !== 0 || process.platform !== 'linux')
      context.skip('only root can make a small disk');
    const played = await playAt({ files: {} });
    const disk = join(played.folder, 'small disk');
    mkdirSync(disk);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', disk], { stdio: 'pipe' });
    } catch (error) {
      if ((error as { status?: number }).status === undefined) throw error;
      context.skip('mounting is not allowed here');
    }
    onTestFinished(() => void execFileSync('umount', ['-l', disk]));
    const small = await playAt({ at: { folder: played.folder, root: disk } });
    writeFileSync(join(disk, 'big'), Buffer.alloc(1_500_000, 1));
    const id = await take(small);
    rmSync(join(disk, 'big'));
    writeFileSync(join(disk, 'other'), Buffer.alloc(2_500_000, 2));
    const before = small.readAll();
    await expect(restore(small, { checkpoint: id, paths: ['big'] })).rejects.toMatchObject({
      code: 'no-space',
      hint: expect.stringMatching(/nothing was changed/),
    });
    expect(small.readAll()).toEqual(before);
  });
});
