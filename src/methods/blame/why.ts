/** blame/why: where one line comes from, with the prompt, the tool call and the evidence. */
import { unseen } from '../../attribution/origin.ts';
import { tellEvidence } from '../../attribution/tell-evidence.ts';
import { tellRanges } from '../../attribution/tell-ranges.ts';
import { readText } from '../../attribution/text-lines.ts';
import type { BlameWhy } from '../../contract/types.gen.ts';
import { Failure } from '../../errors.ts';
import { showPath } from '../../snapshot/raw-path.ts';
import { askShow } from '../../store/index/ask-show.ts';
import { findId } from '../../store/index/find-id.ts';
import { readUlidTime } from '../../store/ulid.ts';
import { askIndex } from '../ask-index.ts';
import type { Context, Handler } from '../context.ts';
import { describeEdits } from '../describe-edit.ts';
import { explainRev } from '../explain-rev.ts';
import { relativePath } from '../relative-path.ts';
import { tellCount } from '../tell-count.ts';

const idLetters = 6;

export const blameWhy: Handler<'blame/why'> = async (context, { path: named, line, rev }) => {
  const path = relativePath(context, named);
  const version = await explainRev(context, { path, rev });
  const { lines } = readText(version.raw);
  const text = lines[line - 1];
  if (text === undefined)
    throw new Failure('invalid-params', `${path} has no line ${line}`, {
      data: { path, lines: lines.length },
      hint: `it has ${tellCount(lines.length, 'line')}`,
    });
  const origin = version.origins[line - 1] ?? unseen;
  const [range] = tellRanges([origin], readUlidTime, line);
  const [metadata] = await describeEdits(context, [{ origin, path }]);
  const { notes, blob, commit } = version;
  return {
    path,
    text: showPath(text),
    blob,
    ...(commit === undefined ? {} : { commit }),
    range: range ?? { start: line, end: line, grade: 'U' },
    metadata: metadata ?? { source: 'unknown', path },
    ...(await findTalk(context, origin.by?.step ?? origin.by?.turn)),
    evidence: tellEvidence(origin, (id) => id.slice(-idLetters).toLowerCase()),
    ...(notes.length === 0 ? {} : { notes: [...notes] }),
  };
};

/** Nothing where there is no index, or where it does not know of it. */
async function findTalk(
  context: Context,
  id: string | undefined,
): Promise<Pick<BlameWhy['result'], 'prompt' | 'step'>> {
  if (id === undefined) return {};
  try {
    const { prompt, steps } = await askIndex(context, (database, isRunning) =>
      askShow(database, findId(database, id), isRunning),
    );
    const step = steps.find((it) => it.id === id);
    return {
      ...(prompt === undefined ? {} : { prompt }),
      ...(step === undefined ? {} : { step }),
    };
  } catch (error) {
    const isExpected =
      error instanceof Failure && ['index-unavailable', 'unknown-id'].includes(error.code);
    if (!isExpected) throw error;
    return {};
  }
}
