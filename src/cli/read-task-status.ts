/** Reads the status of a task, as somebody typed it. */
import type { TaskCard } from '../contract/types.gen.ts';
import { refuse } from './arguments.ts';
import { suggest } from './suggest.ts';

export const statuses = ['open', 'active', 'blocked', 'done', 'dropped'] as const;

export function readTaskStatus(word: string): TaskCard['status'] {
  const known = statuses.find((it) => it === word);
  if (known !== undefined) return known;
  const near = suggest(word, statuses);
  const hint = near === undefined ? `there are ${statuses.join(', ')}` : `did you mean ${near}?`;
  throw refuse({ name: 'tasks' }, `there is no status ${word}`, hint);
}
