/** Only some hunks of one file: what it would have been without them takes the place of what it was before. */
import { Failure } from '../errors.ts';
import { listChanges } from '../snapshot/edit-lines.ts';
import { withoutHunks } from '../undo/merge-lines.ts';
import type { PathHistory } from '../undo/plan-restore.ts';
import { nameText } from './name-text.ts';
import type { Texts } from './read-texts.ts';

/** `hunks` are numbered from 1, as people are shown them. */
export function narrowToHunks(
  histories: readonly PathHistory[],
  hunks: readonly number[] | undefined,
  texts: Texts,
): readonly PathHistory[] {
  if (hunks === undefined) return histories;
  const [history] = histories;
  if (history === undefined || histories.length !== 1)
    throw new Failure(
      'invalid-params',
      `hunks are of one file, and ${histories.length} are meant`,
      {
        data: { paths: histories.slice(0, 20).map(({ path }) => path) },
        hint: 'name the file with --path',
      },
    );
  const { path, before, after, parts } = history;
  const was = before && texts.read(before.oid);
  const became = after && texts.read(after.oid);
  if (was === undefined || became === undefined || parts !== undefined || !after)
    throw new Failure('restore-refused', `${path} has no hunks that could be undone one by one`, {
      data: { path },
      hint: 'undo the whole file',
    });
  const count = listChanges(was, became).edits.length;
  const wrong = hunks.find((hunk) => count < hunk);
  if (wrong !== undefined)
    throw new Failure('invalid-params', `${path} has no hunk ${wrong}: it has ${count}`, {
      data: { path, hunks: count },
      hint: '`clew diff` numbers them',
    });
  const text = withoutHunks(was, became, hunks);
  const narrowed = { ...after, oid: texts.keep(text, nameText(text)) };
  return [{ ...history, before: narrowed, isNarrowed: true }];
}
