/** task/start: a task is begun, by somebody, and not before its time. */
import { expect, test } from 'vitest';
import { ask } from '../recorded.ts';
import { openProject, three } from './project.ts';

test('it is active, and belongs to who began it', async () => {
  const { context } = openProject(three);
  const { task } = await ask(context, 'task/start', { id: 'aab' });
  expect([task.status, task.owner, task.ready]).toEqual(['active', 'ada', false]);
});

test('who owned it still does, unless another is named', async () => {
  const { context } = openProject(
    three.replace('title: Read the spool', 'title: R\n    owner: bob'),
  );
  expect((await ask(context, 'task/start', { id: 'aab' })).task.owner).toBe('bob');
  expect((await ask(context, 'task/start', { id: 'aab', owner: 'eve' })).task.owner).toBe('eve');
});

test('what waits is not begun, unless anyway', async () => {
  const { context, text } = openProject(three);
  await expect(ask(context, 'task/start', { id: 'ccc' })).rejects.toMatchObject({
    code: 'task-refused',
    message: 't-ccc3333 waits for t-aab2222',
    data: { blockedBy: ['t-aab2222'] },
  });
  expect(text()).toBe(three);
  const { task } = await ask(context, 'task/start', { id: 'ccc', anyway: true });
  expect(task.status).toBe('active');
});
