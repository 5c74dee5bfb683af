/** clew doctor: what it prints, and how it ends. */
import { expect, test } from 'vitest';
import { openRepository } from '../methods/hooks/repository.ts';
import { makeFolder } from '../scratch.ts';
import { runHere } from './fake-io.ts';

test('before anything is recorded, with hooks in another way, and outside of a repository', async () => {
  const { root, env, git } = openRepository({ name: 'it' });
  const world = { cwd: root, env };
  const calm = await runHere(['doctor'], world);
  expect([calm.exit, calm.err]).toEqual([0, '']);
  expect(calm.out).toMatch(/^clew \d.*, Node \d.* free\n/);
  expect(calm.out).toMatch(/^ok {4}Node \d/m);
  expect(calm.out).toMatch(
    /^ok {4}hooks are not installed: .*\n {6}`clew hooks install` puts them in$/m,
  );
  expect(calm.out).not.toContain('post-commit');
  await runHere(['hooks', 'install'], world);
  expect((await runHere(['doctor'], world)).out).toMatch(
    /^post-commit {4}installed {2}block {2}not heard yet {2}.*\/hooks\/post-commit$/m,
  );
  git('config', 'core.hooksPath', '/elsewhere');
  const bad = await runHere(['doctor'], world);
  expect(bad.exit).toBe(9);
  expect(bad.out.split('\n')[1]).toMatch(
    /^BAD {3}post-checkout is shadowed, by core\.hooksPath in /,
  );
  expect(JSON.parse((await runHere(['doctor', '--json'], world)).out).findings[0].level).toBe(
    'bad',
  );
  const plain = await runHere(['doctor'], { cwd: makeFolder(), env });
  expect([plain.exit, plain.out.includes('this is no git repository')]).toEqual([0, true]);
});
