/** blame/commit: who wrote the lines that a commit added, with totals. */
import { addTotals, countLines, tellRanges } from '../../attribution/tell-ranges.ts';
import { showPath } from '../../snapshot/raw-path.ts';
import { readUlidTime } from '../../store/ulid.ts';
import { beginBeside } from '../begin-beside.ts';
import type { Handler } from '../context.ts';
import { explainAdded } from '../explain-added.ts';
import { openCommitReader } from '../explain-commit.ts';
import { nameAuthors } from '../name-authors.ts';
import { openAttribution } from '../open-attribution.ts';
import { openGit } from '../open-git.ts';
import { openWorktrees } from '../open-worktrees.ts';
import { readNote } from '../read-note.ts';

export const blameCommit: Handler<'blame/commit'> = async (context, { rev }) => {
  beginBeside(context);
  const git = openGit(context);
  try {
    const commit = git.resolve(rev);
    const attribution = await openAttribution(context);
    const { note, notes } = readNote(git, commit);
    const reader = openCommitReader(context, attribution, git);
    const added = await explainAdded(git, reader, {
      commit,
      note,
      worktrees: openWorktrees(context),
    });
    const files = added.map(({ path, blob, parts, excluded }) => ({
      path,
      blob,
      ranges: parts.flatMap(({ start, origins }) => tellRanges(origins, readUlidTime, start)),
      totals: countLines(parts.flatMap(({ origins }) => origins)),
      ...(excluded === undefined ? {} : { excluded }),
    }));
    const sessions = files.flatMap(({ ranges }) => ranges.flatMap((it) => it.session ?? []));
    const { title, author } = git.commit(commit);
    return {
      commit,
      title: showPath(title),
      author: showPath(author),
      files,
      totals: addTotals(files.flatMap((it) => ('excluded' in it ? [] : [it.totals]))),
      authors: await nameAuthors(context, sessions),
      ...(notes.length === 0 ? {} : { notes: [...notes] }),
    };
  } finally {
    git.close();
  }
};
