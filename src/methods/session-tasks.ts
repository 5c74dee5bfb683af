/** Tells the tasks of a session: what its agent planned, how far it is, and whether anybody is still at it. */
import type { SessionCard, SessionTaskCard } from '../contract/types.gen.ts';
import { askPlans } from '../store/index/ask-plans.ts';
import type { Database } from '../store/index/driver.ts';
import { findSession } from '../store/index/find-id.ts';
import { type IsRunning, openSights } from '../store/index/sights.ts';
import type { Task } from '../tasks/task.ts';
import { askIndex } from './ask-index.ts';
import type { Context } from './context.ts';

export type SessionTasks = {
  readonly session: SessionCard;
  readonly entries: SessionTaskCard[];
  readonly behind?: boolean;
};

/** `tasks`: of the project, some of which may have been promoted from there. */
export function readSessionTasks(
  context: Context,
  named: string,
  tasks: readonly Task[],
): Promise<SessionTasks> {
  return askIndex(context, (database, isRunning) => {
    const session = findSession(database, named);
    const card = openSights(database, isRunning).sessionCard(session, []);
    return { session: card, entries: tellSessionTasks(database, card, tasks) };
  });
}

export function tellSessionTasks(
  database: Database,
  { id: session, state }: SessionCard,
  tasks: readonly Task[],
): SessionTaskCard[] {
  const promoted = new Map(
    tasks.flatMap(({ id, origin }) =>
      origin?.session === session && origin.entry !== undefined ? [[origin.entry, id]] : [],
    ),
  );
  return askPlans(database, session).map(({ active: _, ...task }) => {
    const own = promoted.get(task.id);
    return {
      ...task,
      earlier: [...task.earlier],
      files: [...task.files],
      stalled: task.status === 'active' && state !== 'running',
      ...(own === undefined ? {} : { promoted: own }),
    };
  });
}

/** Which of these sessions nobody works in any more; those that are not known here are not among them. */
export async function findGoneSessions(
  context: Context,
  sessions: readonly string[],
): Promise<ReadonlySet<string>> {
  if (sessions.length === 0 || context.findFolder() === undefined) return new Set();
  const gone = (database: Database, isRunning: IsRunning) => {
    const sights = openSights(database, isRunning);
    const known = sessions.filter((it) => 0 < sights.sightsOf(it).length);
    return { gone: known.filter((it) => sights.sessionCard(it, []).state !== 'running') };
  };
  return new Set((await askIndex(context, gone)).gone);
}
