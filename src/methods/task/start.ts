/** task/start: begins a task. */
import { checkBegun } from '../check-begun.ts';
import type { Handler } from '../context.ts';
import { markTask } from '../mark-task.ts';
import { noteTasks } from '../note-tasks.ts';
import { tellTask } from '../task-card.ts';
import { changeTaskFile, readTaskFile, resolveTask } from '../task-file.ts';

export const taskStart: Handler<'task/start'> = async (context, params) => {
  const { id: named, owner, session, anyway = false, by } = params;
  const updated = markTask(context, by);
  const file = readTaskFile(context);
  const wanted = resolveTask(file, named);
  const owned = file.read.tasks.find(({ task }) => task.id === wanted)?.task.owner;
  const whose = owner ?? (owned === undefined ? updated.by : undefined);
  const set = { status: 'active' as const, ...(whose && { owner: whose }) };
  const check = anyway ? undefined : checkBegun;
  const add = session === undefined ? {} : { sessions: [session] };
  const {
    path,
    read,
    id,
    before: was,
  } = changeTaskFile(context, wanted, { set, add, updated }, check);
  const task = tellTask(read, id);
  await noteTasks(context, 'started', [{ task, before: was }]);
  return { file: path, task };
};
