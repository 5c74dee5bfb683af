/** Refuses to go on with a task while what it depends on is not done. */
import { Failure } from '../errors.ts';
import { judgeReady } from '../tasks/judge-ready.ts';
import type { Task } from '../tasks/task.ts';

export function checkBegun(task: Task, tasks: readonly Task[]): void {
  const { blockedBy } = judgeReady(tasks)(task);
  if (blockedBy.length === 0) return;
  throw new Failure('task-refused', `${task.id} waits for ${blockedBy.join(', ')}`, {
    data: { task: task.id, blockedBy },
    hint: 'end those first, or say --anyway',
  });
}
