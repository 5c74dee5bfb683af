/** task/list: the tasks of the project, as they stand in its file, and what an agent planned. */
import { Failure } from '../../errors.ts';
import type { TasksRead } from '../../tasks/read-tasks.ts';
import type { Context, Handler } from '../context.ts';
import { proposeCommits } from '../propose-commits.ts';
import { findGoneSessions, readSessionTasks } from '../session-tasks.ts';
import { tellTasks } from '../task-card.ts';
import { readTaskFile } from '../task-file.ts';

export const taskList: Handler<'task/list'> = async (context, { status, session }) => {
  const { path, exists, read } = readTaskFile(context);
  const own = read.tasks.map((it) => it.task);
  const proposed = proposeCommits(context, own);
  const isStalled = await judgeStalled(context, read);
  const tasks = tellTasks(read)
    .filter((it) => status === undefined || status.includes(it.status))
    .map((it) => (isStalled(it.id) ? { ...it, stalled: true } : it))
    .map((it) => ({
      ...it,
      ...(proposed.has(it.id) && { proposed: [...(proposed.get(it.id) ?? [])] }),
    }));
  const planned = session === undefined ? {} : await readSessionTasks(context, session, own);
  return { file: path, exists, tasks, doubts: [...read.doubts], ...planned };
};

/** An active task, in sessions that are all gone. */
async function judgeStalled(
  context: Context,
  { tasks }: TasksRead,
): Promise<(id: string) => boolean> {
  const active = tasks.flatMap(({ task }) => {
    const { id, status, evidence, origin } = task;
    const sessions = [
      ...evidence.sessions,
      ...(origin?.session === undefined ? [] : [origin.session]),
    ];
    return status === 'active' && 0 < sessions.length ? [{ id, sessions }] : [];
  });
  const gone = await findGone(
    context,
    active.flatMap((it) => it.sessions),
  );
  const stalled = new Set(
    active.filter((it) => it.sessions.every((one) => gone.has(one))).map((it) => it.id),
  );
  return (id) => stalled.has(id);
}

/** The list of tasks needs no index; where there is none, nothing is known to be stalled. */
async function findGone(
  context: Context,
  sessions: readonly string[],
): Promise<ReadonlySet<string>> {
  try {
    return await findGoneSessions(context, sessions);
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'index-unavailable') throw error;
    return new Set();
  }
}
