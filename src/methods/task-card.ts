/** Tells tasks as answers show them: each with where it stands and what it waits for. */
import type { TaskCard } from '../contract/types.gen.ts';
import { judgeReady } from '../tasks/judge-ready.ts';
import type { TasksRead } from '../tasks/read-tasks.ts';
import { evidenceKinds } from '../tasks/task.ts';

export function tellTasks({ tasks }: TasksRead): TaskCard[] {
  const judge = judgeReady(tasks.map((it) => it.task));
  return tasks.map(({ task, line }) => {
    const { ready, blockedBy } = judge(task);
    const evidence = Object.fromEntries(evidenceKinds.map((it) => [it, [...task.evidence[it]]]));
    return {
      ...task,
      dependsOn: [...task.dependsOn],
      evidence: evidence as unknown as TaskCard['evidence'],
      line,
      ready,
      blockedBy: [...blockedBy],
    };
  });
}

export function tellTask(read: TasksRead, id: string): TaskCard {
  return tellTasks(read).find((it) => it.id === id) as TaskCard;
}
