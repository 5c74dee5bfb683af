/** task/ready: tasks that can be begun. */
import type { Handler } from '../context.ts';
import { tellTasks } from '../task-card.ts';
import { readTaskFile } from '../task-file.ts';

export const taskReady: Handler<'task/ready'> = async (context) => {
  const { path, exists, read } = readTaskFile(context);
  return { file: path, exists, tasks: tellTasks(read).filter((it) => it.ready) };
};
