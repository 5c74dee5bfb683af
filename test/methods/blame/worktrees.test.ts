/** blame in one worktree of a repository, of what was written in another one: by the very bytes, and by words to the letter alone. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openContext } from '../../../src/methods/context.ts';
import { answer } from '../../../src/methods/table.ts';
import { git } from '../../git.ts';
import { type Played, playAt } from '../checkpointed.ts';

const base = 'one\ntwo\n';
const told = 'one\nby the agent of the first\ntwo\n';
const claims = [{ path: 'f', before: 'one\n', after: 'one\nby the agent of the first\n' }];

async function tell({ context }: Pick<Played, 'context'>, rev?: string): Promise<string> {
  const asked = rev === undefined ? { path: 'f' } : { path: 'f', rev };
  const { ranges } = await answer(context, 'blame/file', asked);
  return ranges
    .flatMap(({ start, end, grade, session = '' }) =>
      new Array<string>(end - start + 1).fill(`${session}${grade}`),
    )
    .join(' ');
}

/** A second worktree, where somebody was at work before. */
async function openSecond(first: Played): Promise<Played> {
  const root = join(first.folder, 'second ü');
  git(first.root, 'worktree', 'add', '-q', root, '-b', 'second');
  const second = await playAt({ at: { folder: first.folder, root } });
  await second.play('B', { g: 'of the second\n' });
  return second;
}

const commit = (root: string) => {
  git(root, 'add', '-A');
  git(root, 'commit', '-qm', 'y');
};

test('in a worktree of which nothing was ever recorded', async () => {
  const first = await playAt({ git: true, files: { f: base } });
  await first.play('A', { f: told }, { claims });
  commit(first.root);
  const root = join(first.folder, 'bare of us');
  git(first.root, 'worktree', 'add', '-q', root, '-b', 'other');
  const { env } = first.context;
  const ask = async (rev?: string) => {
    const context = openContext({ folder: root, env });
    onTestFinished(() => context.close());
    return tell({ context }, rev);
  };
  expect(await ask('HEAD')).toBe('U AW U');
  expect(await ask()).toBe('U AW U');
});

test('merged, and asked of the commit, and when the other worktree is gone', async () => {
  const first = await playAt({ git: true, files: { f: base } });
  const second = await openSecond(first);
  await first.play('A', { f: told }, { claims });
  commit(first.root);
  git(second.root, 'merge', '-q', 'main');
  expect(await tell(second)).toBe('U AW U');
  // A look of its own sees it come, and nobody there has written it.
  await second.play('B', { g: 'more\n' });
  expect(await tell(second)).toBe('U AW U');
  expect(await tell(second, 'HEAD')).toBe('U AW U');
  const why = await answer(second.context, 'blame/why', { path: 'f', line: 2 });
  expect(why.range).toMatchObject({ grade: 'W', session: 'A' });
  // The commit itself, and what is exported of it, tell the same in either worktree.
  for (const { context } of [first, second]) {
    const commit = await answer(context, 'blame/commit', { rev: 'main' });
    expect(commit.files.map(({ path, ranges }) => [path, ranges])).toMatchObject([
      ['f', [{ start: 2, end: 2, grade: 'W', session: 'A' }]],
    ]);
    const { records } = await answer(context, 'attribution/export', { revs: ['main'] });
    expect(records.flatMap(({ files }) => files)).toMatchObject([
      { path: 'f', conversations: [{ ranges: [{ start_line: 2, end_line: 2 }] }] },
    ]);
  }
  // Of other bytes nothing is known.
  second.write({ f: `${told}typed here\n` });
  expect(await tell(second)).not.toContain('W');
  second.write({ f: told });
  await tell(first);
  await first.context.close();
  rmSync(first.root, { recursive: true });
  expect(await tell(second)).toBe('U AW U');
});

test('what was here first is not from there, and a command there tells nothing', async () => {
  const first = await playAt({ git: true, files: { f: base } });
  const second = await openSecond(first);
  // The same words, typed by a person here before an agent wrote them there.
  second.write({ f: told });
  await second.play('B', { g: 'more\n' });
  await first.play('A', { f: told }, { claims });
  expect(await tell(first)).toBe('U AW U');
  expect(await tell(second)).toBe('U U U');
  await first.play('A', { f: 'x by a command\n' }, { paths: [], reach: 'anything' });
  second.write({ f: 'x by a command\n' });
  expect(await tell(first)).toBe('AX');
  expect(await tell(second)).toBe('U');
});
