/** blame/commit: the lines that a commit added, loose and packed, of branches, tags and beginnings of ids. */
import { expect, test } from 'vitest';
import { answer } from '../../../src/methods/table.ts';
import { git } from '../../git.ts';
import { playAt } from '../checkpointed.ts';

const made = 'one\ntwo of the agent\n';

async function playCommit() {
  const played = await playAt({ git: true, files: { f: 'one\n', 'package-lock.json': '{}\n' } });
  const claims = [{ path: 'f', before: 'one\n', after: made }];
  await played.play('S', { f: made, 'package-lock.json': '{ }\n' }, { claims });
  git(played.root, 'commit', '-qam', 'Work\n\nmore');
  const ask = (rev: string) => answer(played.context, 'blame/commit', { rev });
  return { ...played, ask };
}

test('totals count what is written by hand or agent, not lock files', async () => {
  const { ask } = await playCommit();
  const { title, author, files, totals } = await ask('HEAD');
  expect({ title, author }).toEqual({ title: 'Work', author: 'a <a@example.org>' });
  expect(files.map(({ path, excluded }) => [path, excluded])).toEqual([
    ['f', undefined],
    ['package-lock.json', 'lock file'],
  ]);
  expect(totals).toMatchObject({ lines: 1, W: 1, U: 0 });
});

test('a commit by any of its names, also when everything is packed and a clone borrows', async () => {
  const { ask, root } = await playCommit();
  const id = git(root, 'rev-parse', 'HEAD');
  git(root, 'tag', '-a', 'v1', '-m', 'x');
  const names = ['main', 'v1', '@', 'HEAD^0', 'main~0', id, id.slice(0, 7), 'refs/heads/main'];
  for (const name of names) expect((await ask(name)).commit).toBe(id);
  git(root, 'gc', '-q');
  git(root, 'pack-refs', '--all');
  for (const name of names) expect((await ask(name)).totals.W).toBe(1);
  expect((await ask('HEAD~1')).files).toHaveLength(2);
  await expect(ask('HEAD:f')).rejects.toMatchObject({ code: 'unknown-id' });
  await expect(ask('../../etc/passwd')).rejects.toMatchObject({ code: 'unknown-id' });
});

const session = `s_${'a'.repeat(14)}::t_${'b'.repeat(14)}`;

test.each([
  [`f\n  ${session} 2-3\n---\n{"schema_version":"authorship/3.0.0"}`, [1, 1], undefined],
  [`"f"\n  ${session} 3\n---\n{}`, [1, 1], undefined],
  [`f\n  ${session} 2-3\n`, [1, 0], 'cannot be read'],
  [`f\n  ${session} 3-2\n---\n{}`, [1, 0], 'cannot be read'],
  [`f\n  ${session} 3\n---\n{}{}`, [1, 0], 'cannot be read'],
])('a note of git-ai is a claim for lines that nobody tells of: %j', async (note, [w, l], why) => {
  const { ask, root, write } = await playCommit();
  write({ f: `${made}typed, or by whom?\n` });
  git(root, 'commit', '-qa', '--amend', '-m', 'Work');
  git(root, 'notes', '--ref=ai', 'add', '-m', note, 'HEAD');
  const { totals, notes = [] } = await ask('HEAD');
  expect([totals.W, totals.L]).toEqual([w, l]);
  expect(notes.join('')).toContain(why ?? '');
  expect(notes).toHaveLength(why === undefined ? 0 : 1);
});
