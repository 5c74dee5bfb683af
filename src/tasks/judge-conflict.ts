/** Judges whether a change still means what it meant when somebody else has changed the task meanwhile. */
import type { Change, Said } from './change.ts';
import type { Task } from './task.ts';

export type Conflict = {
  readonly field: string;
  /** As it was when it was read, as somebody else made it, and as we would. */
  readonly before: string | null;
  readonly theirs: string | null;
  readonly ours: string | null;
};

/** Lists are added to and taken from, which hurts nobody; a field that both set differently does. */
export function judgeConflicts(before: Task, now: Task, { set = {} }: Change): Conflict[] {
  const fields = Object.keys(set) as (keyof Said)[];
  return fields.flatMap((field) => {
    const ours = set[field];
    const [was, theirs] = [sayField(before, field), sayField(now, field)];
    if (ours === undefined || was === theirs || theirs === ours) return [];
    return [{ field, before: was, theirs, ours }];
  });
}

function sayField({ target = {}, ...task }: Task, field: keyof Said): string | null {
  if (field === 'commit' || field === 'milestone') return target[field] ?? null;
  return task[field] ?? null;
}
