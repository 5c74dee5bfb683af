/** task/done: ends a task with what shows that it is done. */
import { Failure } from '../../errors.ts';
import type { Lists } from '../../tasks/change.ts';
import type { Proposal } from '../../tasks/propose-evidence.ts';
import { checkBegun } from '../check-begun.ts';
import type { Context, Handler } from '../context.ts';
import { markTask } from '../mark-task.ts';
import { noteTasks } from '../note-tasks.ts';
import { proposeCommits } from '../propose-commits.ts';
import { tellTask, tellTasks } from '../task-card.ts';
import { changeTaskFile, readTaskFile, resolveTask } from '../task-file.ts';

export const taskDone: Handler<'task/done'> = async (context, params) => {
  const { id: named, evidence = {}, accept = false, bare = false, anyway = false, by } = params;
  const before = readTaskFile(context);
  const could = new Set(tellTasks(before.read).flatMap((it) => (it.ready ? [it.id] : [])));
  const wanted = resolveTask(before, named);
  const own = before.read.tasks.map((it) => it.task).filter((it) => it.id === wanted);
  const proposed = proposeCommits(context, own).get(wanted) ?? [];
  const add = accept
    ? takeProposed(wanted, evidence, proposed)
    : gatherEvidence(context, { id: wanted, evidence, bare });
  const change = { set: { status: 'done' as const }, add, updated: markTask(context, by) };
  const check = anyway ? undefined : checkBegun;
  const { path, read, id, before: was } = changeTaskFile(context, wanted, change, check);
  const task = tellTask(read, id);
  await noteTasks(context, 'done', [{ task, before: was }]);
  const ready = tellTasks(read).filter((it) => it.ready && !could.has(it.id));
  const left = proposed.filter((it) => add.commits?.includes(it.commit) !== true);
  return { file: path, task, ready, proposed: left };
};

function takeProposed(id: string, evidence: Lists, proposed: readonly Proposal[]): Lists {
  if (proposed.length === 0)
    throw new Failure('task-refused', `no commit is proposed for ${id}`, {
      data: { task: id },
      hint: 'none of the last names it, or changes exactly its files; name what shows it with --commit',
    });
  const commits = [...(evidence.commits ?? []), ...proposed.map((it) => it.commit)];
  return { ...evidence, commits };
}

type Wish = { readonly id: string; readonly evidence: Lists; readonly bare: boolean };

function gatherEvidence(context: Context, { id, evidence, bare }: Wish): Lists {
  if (bare || Object.values(evidence).some((it) => 0 < it.length)) return evidence;
  const { head } = context.head();
  if (head !== undefined) return { commits: [head] };
  throw new Failure('task-refused', `there is no commit to show that ${id} is done`, {
    data: { task: id },
    hint: 'name what shows it (--commit, --checkpoint, --session, --file), or say --bare',
  });
}
