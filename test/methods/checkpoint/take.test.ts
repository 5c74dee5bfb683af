/** checkpoint/take: keeps the workspace as it is, and says what it could not keep. */
import { existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openContext } from '../../../src/methods/context.ts';
import { playAt } from '../checkpointed.ts';
import { hashFolder } from '../hash-folder.ts';
import { ask } from '../recorded.ts';

test.each([false, true])('all files are kept, and .git stays as it is (git: %s)', async (git) => {
  const played = await playAt({ git, files: { 'a.txt': 'one\n', 'b/c.txt': 'two\n' } });
  const hash = git ? hashFolder(join(played.root, '.git')) : '';
  const label = 'before the release';
  const taken = await ask(played.context, 'checkpoint/take', { label, pinned: true });
  expect(taken).toMatchObject({ uncaptured: 0, checkpoint: { label, pinned: true } });
  expect(taken.checkpoint.reason).toBe('asked');
  played.write({ 'a.txt': 'three\n' });
  const keeper = await played.context.keeper();
  const [a, c, nothing] = await keeper.versionsAt(taken.checkpoint.id, ['a.txt', 'b/c.txt', 'no']);
  const texts = [a, c].map((it) => (typeof it === 'object' && it !== null ? it.oid : ''));
  const read = await Promise.all(texts.map((oid) => keeper.readBlob(oid)));
  expect(read.map((it) => Buffer.from(it ?? '', 'base64').toString())).toEqual(['one\n', 'two\n']);
  expect(nothing).toBeNull();
  if (git) expect(hashFolder(join(played.root, '.git'))).toBe(hash);
  const { id: checkpoint, commit, tree } = taken.checkpoint;
  const { changed, uncaptured, tookMs } = taken;
  expect(await played.readJournal()).toEqual([
    {
      type: 'checkpoint-taken',
      checkpoint,
      reason: 'asked',
      label,
      commit,
      tree,
      changed,
      uncaptured,
      tookMs,
    },
  ]);
});

test('with paths only these are looked at, ignored ones too', async () => {
  const files = { '.gitignore': '.env\n', '.env': 'A=1\n', 'a.txt': 'one\n', 'b.txt': 'one\n' };
  const played = await playAt({ git: true, files });
  await ask(played.context, 'checkpoint/take', {});
  played.write({ 'a.txt': 'two\n', 'b.txt': 'two\n' });
  const paths = ['.env', join(played.root, 'a.txt')];
  const { checkpoint } = await ask(played.context, 'checkpoint/take', { paths });
  const keeper = await played.context.keeper();
  const [before] = await keeper.list();
  const changes = await keeper.diff(before?.id ?? '', checkpoint.id);
  // The background may have looked at the rest by now; the ignored one only has its name from us.
  expect(changes.map(({ path }) => path)).toEqual(expect.arrayContaining(['.env', 'a.txt']));
});

test('what is too large to be read at once is read all the same, and goes back', async () => {
  const played = await playAt({ files: { 'a.txt': 'a\n' } });
  const large = Buffer.alloc(33 << 20, 'large ');
  writeFileSync(join(played.root, 'large.bin'), large);
  const { checkpoint, uncaptured } = await ask(played.context, 'checkpoint/take', {});
  expect(uncaptured).toBe(0);
  expect(checkpoint.degraded).toBeUndefined();
  expect((await (await played.context.keeper()).show(checkpoint.id)).commit).toBe(
    checkpoint.commit,
  );
  const { turn } = await played.play('s1', { 'large.bin': 'small\n' });
  // Another process begins with an empty table.
  await played.context.close();
  const other = openContext({ folder: played.root, env: played.env });
  onTestFinished(() => other.close());
  await ask(other, 'undo/apply', { of: turn });
  expect(readFileSync(join(played.root, 'large.bin')).equals(large)).toBe(true);
});

test('what is too large to be read ever is said to be missing', async () => {
  const played = await playAt({ files: { 'a.txt': 'a\n' } });
  writeFileSync(join(played.root, 'huge.bin'), '');
  truncateSync(join(played.root, 'huge.bin'), 2 ** 31);
  const taken = await ask(played.context, 'checkpoint/take', {});
  expect(taken.uncaptured).toBe(1);
  expect(taken.checkpoint.degraded).toBe('still capturing');
  const { checkpoints } = await ask(played.context, 'workspace/status', {});
  expect(checkpoints).toMatchObject({
    state: 'ready',
    count: 1,
    degraded: 'still capturing',
    uncaptured: 1,
    paths: ['huge.bin'],
  });
});

test('a path outside is refused, and makes nothing', async () => {
  const played = await playAt({ files: { 'a.txt': 'a\n' } });
  for (const path of ['../elsewhere', '/etc/passwd', 'a/../../x']) {
    const refused = ask(played.context, 'checkpoint/take', { paths: [path] });
    await expect(refused).rejects.toMatchObject({ code: 'invalid-params' });
  }
  const keeper = await played.context.keeper();
  expect(await keeper.list()).toEqual([]);
  expect(existsSync(join(played.folder, 'elsewhere'))).toBe(false);
});
