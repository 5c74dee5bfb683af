/** task/graph: which task waits for which, also as a picture. */
import { drawMermaid } from '../../tasks/draw-mermaid.ts';
import type { Handler } from '../context.ts';
import { tellTasks } from '../task-card.ts';
import { readTaskFile } from '../task-file.ts';

export const taskGraph: Handler<'task/graph'> = async (context) => {
  const { path, exists, read } = readTaskFile(context);
  const mermaid = drawMermaid(read.tasks.map((it) => it.task));
  return { file: path, exists, tasks: tellTasks(read), mermaid };
};
