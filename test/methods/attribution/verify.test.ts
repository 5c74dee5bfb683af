/** attribution/verify: what does not match is found, whoever wrote the records. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { answer } from '../../../src/methods/table.ts';
import { git } from '../../git.ts';
import { playAt } from '../checkpointed.ts';

async function record() {
  const played = await playAt({ git: true, files: { f: 'one\n' } });
  const claims = [{ path: 'f', before: 'one\n', after: 'one\ntwo of it\n' }];
  const { turn } = await played.play('S', { f: 'one\ntwo of it\n' }, { claims });
  git(played.root, 'commit', '-qam', 'Work');
  const file = join(played.root, 'traces.jsonl');
  const { records } = await answer(played.context, 'attribution/export', {
    revs: ['HEAD'],
    turns: [turn],
  });
  const write = (...lines: readonly unknown[]) =>
    writeFileSync(file, lines.map((it) => `${JSON.stringify(it)}\n`).join(''));
  write(...records);
  const verify = (params = { file }) => answer(played.context, 'attribution/verify', params);
  return { ...played, records, write, verify, file };
}

test('a commit’s record and a turn’s, recomputed; nothing exported is sound too', async () => {
  const { verify, context } = await record();
  expect(await verify()).toMatchObject({ records: 2, ranges: 2, problems: [], sound: true });
  const plain = await answer(context, 'attribution/verify', {});
  expect(plain).toMatchObject({ records: 0, sound: true });
  await expect(verify({ file: 'nowhere' })).rejects.toMatchObject({ code: 'unknown-id' });
});

test('a hash, a range or a commit that is not so is named', async () => {
  const { verify, file, root } = await record();
  const text = readFileSync(file, 'utf8');
  const revision = git(root, 'rev-parse', 'HEAD');
  const tamper = async (from: string | RegExp, to: string) => {
    writeFileSync(file, text.replace(from, to));
    return (await verify()).problems;
  };
  expect(await tamper(/sha256:[0-9a-f]{4}/, 'sha256:0000')).toEqual([
    expect.stringContaining('f: lines 2-2 are not what was hashed'),
  ]);
  expect(await tamper('"end_line":2', '"end_line":9')).toEqual([
    expect.stringContaining('it has no lines 2-9'),
  ]);
  expect(await tamper(`"revision":"${revision}"`, `"revision":"${'1'.repeat(40)}"`)).toEqual([
    expect.stringContaining(`commit ${'1'.repeat(40)} is not in this repository`),
  ]);
  expect(await tamper('{', 'x{')).toEqual(['line 1 is no record']);
});

test('records of others are read as far as they go', async () => {
  const { verify, write, root } = await record();
  const revision = git(root, 'rev-parse', 'HEAD');
  const ranges = [
    { start_line: 1, end_line: 2 },
    { start_line: 1, end_line: 1, content_hash: 'murmur3:9f2e8a1b' },
  ];
  write({
    version: '1.0',
    id: 'x',
    vcs: { type: 'git', revision },
    files: [{ path: 'f', conversations: [{ ranges }, 'odd'] }, 7],
  });
  expect(await verify()).toMatchObject({ records: 1, unknown: 2, ranges: 0, sound: true });
});

test('what is kept of versions is folded anew', async () => {
  const { verify, context } = await record();
  const cache = join(context.folder().path, 'attribution.ndjson');
  const text = readFileSync(cache, 'utf8');
  expect(text).toContain('"grade":"W"');
  writeFileSync(cache, text.replace('"grade":"W"', '"grade":"X"'));
  const { problems, sound } = await verify();
  // An origin is written once for all that has it.
  expect([...new Set(problems.map((it) => it.replace(/\b[0-9A-Z]{26}\b/, 'C')))]).toEqual([
    'what is kept of checkpoint C is not what it says',
  ]);
  expect(sound).toBe(false);
});
