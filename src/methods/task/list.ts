/** task/list: the tasks of the project, as they stand in its file. */
import type { Handler } from '../context.ts';
import { tellTasks } from '../task-card.ts';
import { readTaskFile } from '../task-file.ts';

export const taskList: Handler<'task/list'> = async (context, { status }) => {
  const { path, exists, read } = readTaskFile(context);
  const tasks = tellTasks(read).filter((it) => status === undefined || status.includes(it.status));
  return { file: path, exists, tasks, doubts: [...read.doubts] };
};
