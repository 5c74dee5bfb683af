/** task/done: ends a task with what shows that it is done. */
import { Failure } from '../../errors.ts';
import type { Lists } from '../../tasks/change.ts';
import { checkBegun } from '../check-begun.ts';
import type { Context, Handler } from '../context.ts';
import { markTask } from '../mark-task.ts';
import { tellTask, tellTasks } from '../task-card.ts';
import { changeTaskFile, readTaskFile, resolveTask } from '../task-file.ts';

export const taskDone: Handler<'task/done'> = async (context, params) => {
  const { id: named, evidence, bare = false, anyway = false, by } = params;
  const before = readTaskFile(context);
  const could = new Set(tellTasks(before.read).flatMap((it) => (it.ready ? [it.id] : [])));
  const wanted = resolveTask(before, named);
  const add = bare ? (evidence ?? {}) : gatherEvidence(context, wanted, evidence);
  const change = { set: { status: 'done' as const }, add, updated: markTask(context, by) };
  const check = anyway ? undefined : checkBegun;
  const { path, read, id } = changeTaskFile(context, wanted, change, check);
  const ready = tellTasks(read).filter((it) => it.ready && !could.has(it.id));
  return { file: path, task: tellTask(read, id), ready };
};

function gatherEvidence(context: Context, id: string, named: Lists | undefined): Lists {
  if (Object.values(named ?? {}).some((it) => 0 < (it?.length ?? 0))) return named ?? {};
  const { head } = context.head();
  if (head !== undefined) return { commits: [head] };
  throw new Failure('task-refused', `there is no commit to show that ${id} is done`, {
    data: { task: id },
    hint: 'name what shows it (--commit, --checkpoint, --session, --file), or say --bare',
  });
}
