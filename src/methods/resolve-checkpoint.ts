/** The checkpoint that somebody means by a word: an id, the end of one, a turn, `@last`, `@turn~2`. */
import { findCheckpoint } from '../undo/find-scope.ts';
import type { Context } from './context.ts';

export async function resolveCheckpoint(context: Context, word: string): Promise<string> {
  context.folder();
  const keeper = await context.keeper();
  return findCheckpoint(await keeper.list(), word);
}
