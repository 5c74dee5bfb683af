/** What the journal has of tasks: that clew changed them, where anything is recorded at all. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readEvents } from '../whole/journals.ts';
import { ask, openAt, recordWorkspace } from './recorded.ts';
import { smallStory } from './small-story.ts';
import { openProject } from './task/project.ts';

test('each change by clew is an event, with what it was before', async () => {
  const recorded = recordWorkspace(smallStory);
  const context = openAt(recorded);
  const { task } = await ask(context, 'task/add', { title: 'x', by: 'ada' });
  await ask(context, 'task/start', { id: task.id, by: 'bob' });
  await ask(context, 'task/done', { id: task.id, evidence: { files: ['a'] }, by: 'eve' });
  await context.close();
  const home = recorded.env['CLEW_HOME'] ?? '';
  const told = readEvents(home).filter((it) => it.type === 'task-changed');
  expect(told).toMatchObject([
    { how: 'added', task: task.id, title: 'x', status: 'open', by: 'ada' },
    { how: 'started', status: 'active', before: 'open', by: 'bob' },
    { how: 'done', status: 'done', before: 'active', by: 'eve', evidence: { files: ['a'] } },
  ]);
});

test('where nothing is recorded, nothing begins to be', async () => {
  const { context, env } = openProject();
  await ask(context, 'task/add', { title: 'x' });
  expect(existsSync(join(env['CLEW_HOME'] ?? '', 'workspaces'))).toBe(false);
});
