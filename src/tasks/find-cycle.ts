/** Finds tasks that wait for each other in a circle. */
import type { Task } from './task.ts';

type Waiting = Pick<Task, 'id' | 'dependsOn'>;

/** The ids of one circle, each waiting for the next; undefined where there is none. */
export function findCycle(tasks: readonly Waiting[]): string[] | undefined {
  const known = new Map(tasks.map((it) => [it.id, it]));
  const cleared = new Set<string>();
  for (const { id } of tasks) {
    const cycle = walk(id);
    if (cycle !== undefined) return cycle;
  }
  return undefined;

  /** Not by recursion: a chain may be as long as the list. */
  function walk(from: string): string[] | undefined {
    const path: { id: string; next: number }[] = [{ id: from, next: 0 }];
    const onPath = new Set([from]);
    for (let last = path.at(-1); last !== undefined; last = path.at(-1)) {
      const id = cleared.has(last.id) ? undefined : known.get(last.id)?.dependsOn[last.next];
      last.next += 1;
      if (id === undefined) {
        path.pop();
        onPath.delete(last.id);
        cleared.add(last.id);
      } else if (onPath.has(id)) {
        const ids = path.map((it) => it.id);
        return ids.slice(ids.indexOf(id));
      } else if (!cleared.has(id)) {
        path.push({ id, next: 0 });
        onPath.add(id);
      }
    }
    return undefined;
  }
}
