/** Where an edit comes from, in the one form in which that is put beside lines and commits. */
import type { Origin } from '../attribution/origin.ts';
import type { EditMetadata } from '../contract/types.gen.ts';
import { Failure } from '../errors.ts';
import { askAuthors } from '../store/index/ask-authors.ts';
import { askEditPlace } from '../store/index/ask-edit-place.ts';
import { askIndex } from './ask-index.ts';
import type { Context } from './context.ts';

/** What the index can add is left out where there is none. */
export async function describeEdits(
  context: Context,
  edits: readonly { readonly origin: Origin; readonly path: string }[],
): Promise<EditMetadata[]> {
  const plain = edits.map(({ origin, path }): EditMetadata => {
    const { by, grade } = origin;
    if (by === undefined) return { source: grade === 'C' ? 'contested' : 'unknown', path };
    return { source: 'agent', ...by, path };
  });
  if (plain.every((it) => it.session === undefined)) return plain;
  try {
    const { found } = await askIndex(context, (database) => ({
      found: plain.map((edit): EditMetadata => {
        const { session, step, turn } = edit;
        if (session === undefined) return edit;
        const [{ title: _, ...author } = { session }] = askAuthors(database, [session]);
        const place = askEditPlace(database, step ?? turn ?? '');
        return {
          ...edit,
          ...author,
          ...(place?.messageAt == null ? {} : { messageAt: place.messageAt }),
          ...(place === undefined ? {} : { log: `journal/${place.writer}#${place.seq ?? 0}` }),
        };
      }),
    }));
    return found;
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'index-unavailable') throw error;
    return plain;
  }
}
