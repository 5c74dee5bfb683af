/** blame/file: who wrote each line of a file, and how that is known. */
import type { Origin } from '../../attribution/origin.ts';
import { countLines, tellRanges } from '../../attribution/tell-ranges.ts';
import { readText } from '../../attribution/text-lines.ts';
import { Failure } from '../../errors.ts';
import { showPath } from '../../snapshot/raw-path.ts';
import { readUlidTime } from '../../store/ulid.ts';
import type { Handler } from '../context.ts';
import { explainRev } from '../explain-rev.ts';
import { nameAuthors } from '../name-authors.ts';
import { relativePath } from '../relative-path.ts';
import { tellCount } from '../tell-count.ts';

export const blameFile: Handler<'blame/file'> = async (context, params) => {
  const path = relativePath(context, params.path);
  const version = await explainRev(context, { path, rev: params.rev });
  const { lines } = readText(version.raw);
  const { from = 1, to = Math.max(from, lines.length) } = params;
  if (from > Math.max(1, lines.length) || to < from)
    throw new Failure('invalid-params', `${path} has no lines ${from} to ${to}`, {
      data: { path, lines: lines.length },
      hint: `it has ${tellCount(lines.length, 'line')}`,
    });
  const end = Math.min(to, lines.length);
  const origins = version.origins.slice(from - 1, end);
  const { notes } = version;
  return {
    path,
    blob: version.blob,
    ...(version.commit === undefined ? {} : { commit: version.commit }),
    ranges: tellRanges(origins, readUlidTime, from),
    lines: lines.slice(from - 1, end).map(showPath),
    totals: countLines(origins),
    authors: await nameAuthors(context, listSessions(origins)),
    ...(notes.length === 0 ? {} : { notes: [...notes] }),
  };
};

function listSessions(origins: readonly Origin[]): string[] {
  return origins.flatMap(({ by }) => (by === undefined ? [] : [by.session]));
}
