/** task/done: a task ends with what shows it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openContext } from '../../../src/methods/context.ts';
import { git } from '../../git.ts';
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

/** A repository with a commit that names a task, and one that changes another's files. */
function openCommitted() {
  const project = openProject();
  const { root, write } = project;
  git(root, 'init', '-q', '-b', 'main');
  write(three.replace('depends_on: [t-aab2222]', 'evidence: {files: [ü.ts, b.ts]}'));
  git(root, 'add', '.');
  git(root, 'commit', '-qm', 'Begin');
  writeFileSync(join(root, 'a.ts'), 'a');
  git(root, 'add', '.');
  git(root, 'commit', '-qm', 'Read it\n\nTask: t-aab2222');
  const named = git(root, 'rev-parse', 'HEAD');
  for (const it of ['ü.ts', 'b.ts']) writeFileSync(join(root, it), 'a');
  git(root, 'add', '.');
  git(root, 'commit', '-qm', 'Ship — ü');
  const same = git(root, 'rev-parse', 'HEAD');
  return { ...project, named, same, context: openContext({ folder: root, env: project.env }) };
}

test('commits are proposed for tasks, loose or packed, in a linked worktree too', async () => {
  const { root, env, named, same, context } = openCommitted();
  const proposals = async (at = context) =>
    (await ask(at, 'task/list', {})).tasks.map((it) => it.proposed);
  const wanted = [
    undefined,
    [{ commit: named, title: 'Read it', why: 'named' }],
    [{ commit: same, title: 'Ship — ü', why: 'same-files' }],
  ];
  expect(await proposals()).toEqual(wanted);
  git(root, 'gc', '-q');
  expect(await proposals()).toEqual(wanted);
  git(root, 'worktree', 'add', '-q', '-b', 'other', join(root, '..', 'linked'));
  const linked = openContext({ folder: join(root, '..', 'linked'), env });
  expect(await proposals(linked)).toEqual(wanted);
});

test('what is proposed is taken when it is accepted, and else said', async () => {
  const { named, same, context } = openCommitted();
  const accepted = await ask(context, 'task/done', { id: 'aab', accept: true });
  expect([accepted.task.evidence.commits, accepted.proposed]).toEqual([[named], []]);
  const other = await ask(context, 'task/done', { id: 'ccc', evidence: { commits: [named] } });
  expect(other.task.evidence.commits).toEqual([named]);
  expect(other.proposed.map((it) => it.commit)).toEqual([same]);
  await ask(context, 'task/add', { title: 'nothing of it is done' });
  const { tasks } = await ask(context, 'task/list', { status: ['open'] });
  const asked = ask(context, 'task/done', { id: tasks[0]?.id ?? '', accept: true });
  await expect(asked).rejects.toMatchObject({ code: 'task-refused' });
});

test('what is missing of a shallow clone is not looked at', async () => {
  const { root, same } = openCommitted();
  const clone = join(root, '..', 'clone');
  git(root, 'clone', '-q', '--depth', '1', `file://${root}`, clone);
  const context = openContext({ folder: clone, env: { CLEW_HOME: join(root, '..', 'other') } });
  const { tasks } = await ask(context, 'task/list', {});
  // Without its parent the commit seems to have made everything.
  expect(tasks.map((it) => it.proposed)).toEqual([undefined, undefined, undefined]);
  const { task } = await ask(context, 'task/done', { id: 'aab' });
  expect(task.evidence.commits).toEqual([same]);
});
