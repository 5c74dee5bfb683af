/** blame/file: what is told of a file's lines, and of files that have none. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { BlameFile } from '../../../src/contract/types.gen.ts';
import { answer } from '../../../src/methods/table.ts';
import { type Played, playAt } from '../checkpointed.ts';

const ask = ({ context }: Played, params: BlameFile['params']) =>
  answer(context, 'blame/file', params);

const claim = (path: string, before: string, after: string) => ({
  claims: [{ path, before, after }],
});

test('a claimed line has its session, turn and tool call, and the lines around it have none', async () => {
  const played = await playAt({ files: { 'a b/ü.txt': 'one\ntwo\n' } });
  const turn = await played.start('S');
  const step = await turn.step(
    { 'a b/ü.txt': 'one\nbetween the two\ntwo\n' },
    claim('a b/ü.txt', 'one\n', 'one\nbetween the two\n'),
  );
  await turn.end();
  const { ranges, lines, totals, authors } = await ask(played, { path: 'a b/ü.txt' });
  expect(lines).toEqual(['one', 'between the two', 'two']);
  expect(ranges).toMatchObject([
    { start: 1, end: 1, grade: 'U' },
    { start: 2, end: 2, grade: 'W', session: 'S', turn: turn.turn, step },
    { start: 3, end: 3, grade: 'U' },
  ]);
  expect(totals).toMatchObject({ lines: 3, W: 1, U: 2 });
  expect(authors).toEqual([{ session: 'S' }]);
});

test('only the lines asked for', async () => {
  const played = await playAt({ files: { f: 'one\ntwo\nthree\n' } });
  await played.play(
    'S',
    { f: 'one\ntwo\nthree\nfour of it\n' },
    claim('f', 'three\n', 'three\nfour of it\n'),
  );
  const { ranges, lines } = await ask(played, { path: 'f', from: 3, to: 9 });
  expect(lines).toEqual(['three', 'four of it']);
  expect(ranges.map(({ start, grade }) => [start, grade])).toEqual([
    [3, 'U'],
    [4, 'W'],
  ]);
  await expect(ask(played, { path: 'f', from: 9 })).rejects.toThrow('f has no lines 9 to 9');
});

test('the cache is no truth: without it, and with a broken one, the answer is the same', async () => {
  const played = await playAt({ files: { f: 'one\n' } });
  await played.play('S', { f: 'one\ntwo of it\n' }, claim('f', 'one\n', 'one\ntwo of it\n'));
  const first = await ask(played, { path: 'f' });
  const cache = join(played.context.folder().path, 'attribution.ndjson');
  expect(await ask(played, { path: 'f' })).toEqual(first);
  rmSync(cache);
  expect(await ask(played, { path: 'f' })).toEqual(first);
  writeFileSync(cache, 'clew attribution 4\n{"id":');
  expect(await ask(played, { path: 'f' })).toEqual(first);
});

test('what is claimed later, of what was seen before, is credited when it comes', async () => {
  const played = await playAt({ files: { f: 'one\n' } });
  const turn = await played.start('S');
  const step = turn.begin({ f: 'one\ntwo of it\n' }, claim('f', 'one\n', 'one\ntwo of it\n'));
  await (await played.start('other')).end();
  expect((await ask(played, { path: 'f' })).totals).toMatchObject({ W: 0, U: 2 });
  await turn.close(step);
  await turn.end();
  expect((await ask(played, { path: 'f' })).totals).toMatchObject({ W: 1, U: 1 });
});

test('a file that is not there, was never seen, is binary, or lies outside', async () => {
  const played = await playAt({ files: { f: 'one\n', bin: 'a\0b' } });
  await played.play('S', { f: 'one\ntwo of it\n' }, claim('f', 'one\n', 'one\ntwo of it\n'));
  played.write({ f: undefined, g: 'never seen\n' });
  await expect(ask(played, { path: 'f' })).rejects.toMatchObject({
    code: 'unknown-id',
    message: 'there is no file f; clew knows 2 versions of it',
  });
  await expect(ask(played, { path: 'nowhere' })).rejects.toThrow('clew never saw it');
  await expect(ask(played, { path: 'bin' })).rejects.toMatchObject({ code: 'invalid-params' });
  await expect(ask(played, { path: '../x' })).rejects.toMatchObject({ code: 'invalid-params' });
  await expect(ask(played, { path: '.' })).rejects.toMatchObject({
    code: 'invalid-params',
    message: 'the workspace has no lines to tell apart: it is a folder',
  });
  expect((await ask(played, { path: 'g' })).totals).toMatchObject({ lines: 1, U: 1 });
});

test('a revision that does not exist, has no such file, or where there is no repository', async () => {
  const played = await playAt({ git: true, files: { f: 'one\n' } });
  await expect(ask(played, { path: 'f', rev: 'nosuch' })).rejects.toMatchObject({
    code: 'unknown-id',
    message: 'there is no branch, tag or commit nosuch',
  });
  await expect(ask(played, { path: 'f', rev: 'HEAD~9' })).rejects.toThrow('further back');
  await expect(ask(played, { path: 'g', rev: 'HEAD' })).rejects.toThrow('HEAD has no g');
  const plain = await playAt({ files: { f: 'one\n' } });
  await expect(ask(plain, { path: 'f', rev: 'HEAD' })).rejects.toMatchObject({
    code: 'no-repository',
  });
});

test('what was claimed outlasts a pruning, and what was learned of pruned checkpoints is kept', async () => {
  const played = await playAt({ files: { f: 'one\n' } });
  const cache = join(played.context.folder().path, 'attribution.ndjson');
  await played.play('S', { f: 'one\ntwo of it\n' }, claim('f', 'one\n', 'one\ntwo of it\n'));
  await answer(played.context, 'checkpoint/prune', { keepLast: 50 });
  expect((await ask(played, { path: 'f' })).totals).toMatchObject({ W: 1, U: 1 });
  await answer(played.context, 'checkpoint/prune', { keepLast: 1, olderThanDays: 0 });
  expect((await ask(played, { path: 'f' })).totals).toMatchObject({ W: 1, U: 1 });
  rmSync(cache);
  // Nobody knows any more, and nobody is credited.
  expect((await ask(played, { path: 'f' })).totals).toMatchObject({ W: 0, U: 2 });
});
