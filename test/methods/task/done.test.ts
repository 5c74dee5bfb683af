/** task/done: a task ends with what shows it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openContext } from '../../../src/methods/context.ts';
import { ask } from '../recorded.ts';
import { openProject, three } from './project.ts';

const commit = '9fceb02d0ae598e95dc970b74767f19372d61af8';

function openAtCommit(text: string) {
  const project = openProject(text);
  mkdirSync(join(project.root, '.git'));
  writeFileSync(join(project.root, '.git', 'HEAD'), `${commit}\n`);
  return { ...project, context: openContext({ folder: project.root, env: project.env }) };
}

test('the last commit shows it, and what waited is ready', async () => {
  const { context, text } = openAtCommit(three);
  const { task, ready } = await ask(context, 'task/done', { id: 'aab' });
  expect([task.status, task.evidence.commits, ready.map((it) => it.id)]).toEqual([
    'done',
    [commit],
    ['t-ccc3333'],
  ]);
  expect(text()).toContain(`    evidence:\n      commits: [${commit}]\n`);
});

test('what is named shows it, and then no commit', async () => {
  const { context } = openAtCommit(three);
  const evidence = { files: ['a.ts'], sessions: ['01K5A00000000000000SESSON1'] };
  const { task } = await ask(context, 'task/done', { id: 'aab', evidence });
  expect(task.evidence).toEqual({ commits: [], checkpoints: [], ...evidence });
});

test('nothing is done without showing, but bare', async () => {
  const { context, text } = openProject(three);
  await expect(ask(context, 'task/done', { id: 'aab' })).rejects.toMatchObject({
    code: 'task-refused',
    message: 'there is no commit to show that t-aab2222 is done',
  });
  expect(text()).toBe(three);
  const { task } = await ask(context, 'task/done', { id: 'aab', bare: true });
  expect([task.status, task.evidence.commits]).toEqual(['done', []]);
});

test('what waits is not done, unless anyway', async () => {
  const { context } = openAtCommit(three);
  const asked = ask(context, 'task/done', { id: 'ccc' });
  await expect(asked).rejects.toMatchObject({ code: 'task-refused' });
  expect((await ask(context, 'task/done', { id: 'ccc', anyway: true })).task.status).toBe('done');
});
