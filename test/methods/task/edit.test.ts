/** task/edit: one task changes, all other bytes stay. */
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { ask } from '../recorded.ts';
import { openProject, three } from './project.ts';

test('what it says changes, and who said so', async () => {
  const { context, text } = openProject(three);
  const { task } = await ask(context, 'task/edit', {
    id: 'aab',
    title: 'Read it: all',
    owner: 'bob',
    addDependsOn: ['t-aaa1111'],
    addEvidence: { files: ['src/a.ts'] },
  });
  expect(task).toMatchObject({
    title: 'Read it: all',
    owner: 'bob',
    dependsOn: ['t-aaa1111'],
    updated: { by: 'ada' },
  });
  const [above = '', below = ''] = three.split('  - id: t-aab2222\n');
  expect(text().startsWith(above)).toBe(true);
  expect(text().endsWith(below.slice(below.indexOf('  - id: t-ccc')))).toBe(true);
});

test('null takes away', async () => {
  const { context } = openProject(
    `${three}    owner: x\n    notes: y\n    target: {milestone: z}\n`,
  );
  const { task } = await ask(context, 'task/edit', {
    id: 'ccc',
    owner: null,
    notes: null,
    milestone: null,
  });
  expect([task.owner, task.notes, task.target]).toEqual([undefined, undefined, undefined]);
});

test('a circle is refused with its way around, and nothing written', async () => {
  const { context, text } = openProject(three);
  await expect(
    ask(context, 'task/edit', { id: 't-aaa', addDependsOn: ['ccc'] }),
  ).rejects.toMatchObject({
    code: 'task-refused',
    message: 'these wait for each other: t-aaa1111 → t-ccc3333 → t-aab2222 → t-aaa1111',
  });
  expect(text()).toBe(three);
});

test('the mode of the file stays, and the link that leads to it', async () => {
  const { context, root, file } = openProject();
  const real = join(root, 'tasks.yaml');
  writeFileSync(real, three);
  chmodSync(real, 0o640);
  mkdirSync(dirname(file));
  symlinkSync('../tasks.yaml', file);
  await ask(context, 'task/edit', { id: 'ccc', title: 'again' });
  expect(lstatSync(file).isSymbolicLink()).toBe(true);
  expect(statSync(real).mode & 0o777).toBe(0o640);
  expect(readFileSync(real, 'utf8')).toContain('title: again');
  expect(readdirSync(dirname(file))).toEqual(['project_tasks.yaml']);
  expect(readdirSync(root).sort()).toEqual(['.clew', 'tasks.yaml']);
});
