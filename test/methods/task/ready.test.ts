/** task/ready: what can be begun. */
import { expect, test } from 'vitest';
import { ask } from '../recorded.ts';
import { openProject, three } from './project.ts';

test('open, and all that it waits for is done', async () => {
  const { context } = openProject(three);
  const { tasks } = await ask(context, 'task/ready', {});
  expect(tasks.map((it) => it.id)).toEqual(['t-aab2222']);
});

test.each(['active', 'blocked', 'dropped', 'done'])('not what is %s', async (status) => {
  const { context } = openProject(`version: 1\ntasks: [{id: a, title: b, status: ${status}}]\n`);
  expect((await ask(context, 'task/ready', {})).tasks).toEqual([]);
});

test('nothing is ready where there is no file', async () => {
  expect(await ask(openProject().context, 'task/ready', {})).toMatchObject({
    exists: false,
    tasks: [],
  });
});
