/** Writes down that a task was changed, where anything is recorded; the file itself says the rest. */
import type { TaskCard, TaskChanged } from '../contract/types.gen.ts';
import type { Context } from './context.ts';

type How = TaskChanged['how'];

export async function noteTasks(
  context: Context,
  how: How,
  tasks: readonly { readonly task: TaskCard; readonly before?: TaskCard['status'] }[],
): Promise<void> {
  // Who only keeps tasks has no other state with us, and needs none.
  if (context.findFolder() === undefined || tasks.length === 0) return;
  const run = context.env['CLEW_RUN'];
  const behind = run === undefined || run === '' ? {} : { run };
  await context.record(...tasks.map((it) => ({ event: { ...tellChange(how, it), ...behind } })));
}

function tellChange(
  how: How,
  { task, before }: { readonly task: TaskCard; readonly before?: TaskCard['status'] },
): TaskChanged {
  const { id, title, status, evidence, created, updated } = task;
  const by = (how === 'added' || how === 'promoted' ? created : updated)?.by;
  return {
    type: 'task-changed',
    task: id,
    title,
    how,
    status,
    ...(before === undefined || before === status ? {} : { before }),
    ...(by === undefined ? {} : { by }),
    ...(Object.values(evidence).some((it) => 0 < it.length) ? { evidence } : {}),
  };
}
