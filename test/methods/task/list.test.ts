/** task/list: tasks as they stand in the file, and what is wrong with it. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { takeLease } from '../../../src/store/lease.ts';
import { ask, openAt } from '../recorded.ts';
import { first, recordPlans, second, session } from './planned.ts';
import { openProject, three } from './project.ts';

test('tasks with what they wait for', async () => {
  const { context, file } = openProject(three);
  const { tasks, ...rest } = await ask(context, 'task/list', {});
  expect(rest).toEqual({ file, exists: true, doubts: [] });
  expect(
    tasks.map(({ id, status, line, ready, blockedBy }) => [id, status, line, ready, blockedBy]),
  ).toEqual([
    ['t-aaa1111', 'done', 3, false, []],
    ['t-aab2222', 'open', 6, true, []],
    ['t-ccc3333', 'open', 9, false, ['t-aab2222']],
  ]);
});

test('only those of some status', async () => {
  const { context } = openProject(three);
  const { tasks } = await ask(context, 'task/list', { status: ['done', 'dropped'] });
  expect(tasks.map((it) => it.id)).toEqual(['t-aaa1111']);
});

test('no file is no tasks, and none is made', async () => {
  const { context, text, file } = openProject();
  expect(await ask(context, 'task/list', {})).toEqual({
    file,
    exists: false,
    tasks: [],
    doubts: [],
  });
  expect(text()).toBe('');
});

test('a broken file is refused with every place', async () => {
  const { context, file } = openProject(`${three}  - id: t-aaa1111\n    title: 12\n`);
  await expect(ask(context, 'task/list', {})).rejects.toMatchObject({
    code: 'tasks-broken',
    message: `${file}:14:12: title is no text`,
    hint: 'put it in quotes',
    data: { path: file, flaws: [{ line: 14, column: 12 }] },
  });
});

test('bytes that are no text are refused at their place', async () => {
  const { context, file } = openProject(three);
  const bytes = Buffer.concat([Buffer.from(`${three}# ü`), Buffer.from([0xff, 0x0a])]);
  writeFileSync(file, bytes);
  await expect(ask(context, 'task/list', {})).rejects.toMatchObject({
    code: 'tasks-broken',
    data: { flaws: [{ line: 13, column: 5, message: 'this is no UTF-8' }] },
  });
});

test('a link inside the workspace is followed, one that leads out is not', async () => {
  const { context, file, root } = openProject();
  mkdirSync(join(root, '.clew'));
  writeFileSync(join(root, 'tasks.yaml'), three);
  symlinkSync('../tasks.yaml', file);
  expect(await ask(context, 'task/list', {})).toMatchObject({ file: join(root, 'tasks.yaml') });

  const other = openProject();
  symlinkSync(root, join(other.root, '.clew'));
  const asked = ask(other.context, 'task/list', {});
  await expect(asked).rejects.toMatchObject({ code: 'file-refused' });
  const nowhere = openProject();
  mkdirSync(join(nowhere.root, '.clew'));
  symlinkSync('/nowhere/at/all', nowhere.file);
  await expect(ask(nowhere.context, 'task/list', {})).rejects.toMatchObject({
    code: 'file-refused',
    message: `${nowhere.file} is a link that leads nowhere`,
  });
  const folder = openProject();
  mkdirSync(folder.file, { recursive: true });
  await expect(ask(folder.context, 'task/list', {})).rejects.toMatchObject({
    code: 'file-refused',
  });
});

test('what is not known is left alone, and said', async () => {
  const { context } = openProject(`${three}    dependsOn: [x]\n`);
  const { doubts } = await ask(context, 'task/list', {});
  expect(doubts).toMatchObject([{ line: 13, hint: 'did you mean depends_on?' }]);
});

test('what is active is stalled when nobody works in its session any more', async () => {
  const recorded = recordPlans(first, second);
  const context = openAt(recorded);
  const { entries = [] } = await ask(context, 'task/list', { session: '@last' });
  const entry = entries.find((it) => it.title === 'Test the parser')?.id ?? '';
  const { promoted } = await ask(context, 'task/promote', { session, entries: [entry] });
  const id = promoted[0]?.id ?? '';
  await ask(context, 'task/start', { id });
  await ask(context, 'task/add', { title: 'of no session' });
  const stalled = async () => {
    const listed = await ask(openAt(recorded), 'task/list', { session });
    return [listed.tasks.map((it) => it.stalled ?? false), listed.entries?.map((it) => it.stalled)];
  };
  expect(await stalled()).toEqual([
    [true, false],
    [false, false, true, false],
  ]);
  const lease = takeLease(recorded.journal, '01K5AB');
  onTestFinished(() => lease.release());
  expect(await stalled()).toEqual([
    [false, false],
    [false, false, false, false],
  ]);
});
