/** task/add: a task comes to the file, which is made where there is none. */
import { statSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ask } from '../recorded.ts';
import { openProject, three } from './project.ts';

test('the first makes the file', async () => {
  const { context, file, text } = openProject();
  const {
    made,
    task,
    file: told,
  } = await ask(context, 'task/add', {
    title: 'Read the spool: all of it',
    notes: 'two\nlines',
    milestone: 'v1',
  });
  expect([made, told, task.status, task.ready, task.created?.by]).toEqual([
    true,
    file,
    'open',
    true,
    'ada',
  ]);
  expect(text()).toContain(
    `tasks:\n  - id: ${task.id}\n    title: "Read the spool: all of it"\n    status: open\n`,
  );
  expect(statSync(file).mode & 0o777).toBe(0o666 & ~process.umask());
});

test('the next comes behind the last, and waits for those it names', async () => {
  const { context, text } = openProject(three);
  const { made, task } = await ask(context, 'task/add', {
    title: 'x',
    dependsOn: ['aab', 'C'],
    by: 'bob',
  });
  expect([made, task.blockedBy, task.created?.by]).toEqual([
    false,
    ['t-aab2222', 't-ccc3333'],
    'bob',
  ]);
  expect(text().startsWith(three)).toBe(true);
});

test('each has an id of its own', async () => {
  const { context } = openProject();
  const all = [];
  for (let n = 0; n < 5; n += 1)
    all.push((await ask(context, 'task/add', { title: 'same' })).task.id);
  expect(new Set(all).size).toBe(5);
});

test.each([
  ['nobody', 'unknown-id'],
  ['t-aa', 'ambiguous-id'],
])('waiting for %s is refused, and nothing written', async (id, code) => {
  const { context, text } = openProject(three);
  await expect(ask(context, 'task/add', { title: 'x', dependsOn: [id] })).rejects.toMatchObject({
    code,
  });
  expect(text()).toBe(three);
});

test('nothing is written into a file that cannot be read whole', async () => {
  const broken = `${three}  - id: [\n`;
  const { context, text } = openProject(broken);
  await expect(ask(context, 'task/add', { title: 'x' })).rejects.toMatchObject({
    code: 'tasks-broken',
  });
  expect(text()).toBe(broken);
});
