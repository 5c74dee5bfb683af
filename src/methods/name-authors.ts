/** The names of sessions that lines come from; without an index, their ids alone. */
import type { LineAuthor } from '../contract/types.gen.ts';
import { Failure } from '../errors.ts';
import { askAuthors } from '../store/index/ask-authors.ts';
import { askIndex } from './ask-index.ts';
import type { Context } from './context.ts';

export async function nameAuthors(
  context: Context,
  sessions: readonly string[],
): Promise<LineAuthor[]> {
  const once = [...new Set(sessions)].sort();
  if (once.length === 0) return [];
  try {
    const found = await askIndex(context, (database) => ({ authors: askAuthors(database, once) }));
    return found.authors;
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'index-unavailable') throw error;
    return once.map((session) => ({ session }));
  }
}
