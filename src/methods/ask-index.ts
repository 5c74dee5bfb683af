/** Asks the index when it has what the journals have, or says that it has not. */
import type { Database } from '../store/index/driver.ts';
import type { IsRunning } from '../store/index/sights.ts';
import type { Context } from './context.ts';

type Question<T> = (database: Database, isRunning: IsRunning) => T;

export async function askIndex<T extends object>(
  context: Context,
  question: Question<T>,
): Promise<T & { behind?: boolean }> {
  // Before and after: one that ends meanwhile may have its end in no journal that was read, and of
  // one that begins meanwhile the beginning may have been read.
  const before = context.running();
  const index = await context.index();
  const { behind } = await index.catchUp(context.onProgress);
  const after = context.running();
  const answer = await index.ask((database) =>
    question(database, (writer) => before.has(writer) || after.has(writer)),
  );
  return behind ? { ...answer, behind } : answer;
}
