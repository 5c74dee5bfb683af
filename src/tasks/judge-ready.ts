/** Judges which tasks can be begun, and what the others wait for. */
import type { Task } from './task.ts';

export type Standing = { readonly ready: boolean; readonly blockedBy: readonly string[] };

export function judgeReady(tasks: readonly Task[]): (task: Task) => Standing {
  const done = new Set(tasks.filter((it) => it.status === 'done').map((it) => it.id));
  return ({ status, dependsOn }) => {
    const blockedBy = [...new Set(dependsOn)].filter((it) => !done.has(it));
    return { ready: status === 'open' && blockedBy.length === 0, blockedBy };
  };
}
