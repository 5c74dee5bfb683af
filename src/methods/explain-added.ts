/** The lines that a commit added, with where each comes from. */
import { cutParts } from '../attribution/cut-parts.ts';
import { judgeFigures } from '../attribution/judge-figures.ts';
import { isAgents, type Origin } from '../attribution/origin.ts';
import type { AiNote, NotedRange } from '../attribution/read-ai-note.ts';
import { readText } from '../attribution/text-lines.ts';
import type { TracedFile } from '../attribution/write-trace.ts';
import { listEdits } from '../snapshot/edit-lines.ts';
import type { CommitReader, CommittedFile } from './explain-commit.ts';
import type { Git } from './open-git.ts';
import type { Worktrees } from './open-worktrees.ts';

export type AddedQuestion = {
  readonly commit: string;
  /** Of somebody else, for lines that nobody else tells of. */
  readonly note?: AiNote | undefined;
  /** Who else may know of lines that nobody here wrote. */
  readonly worktrees: Worktrees;
};

export async function explainAdded(
  git: Git,
  reader: CommitReader,
  { commit, note, worktrees }: AddedQuestion,
): Promise<TracedFile[]> {
  const { parents } = git.commit(commit);
  const [first] = parents;
  const added: TracedFile[] = [];
  for (const { path, after } of git.diff(first, commit)) {
    if (after === undefined || !after.mode.startsWith('100')) continue;
    const file = await reader.explain(commit, path);
    if (file === undefined) continue;
    const isNew = await findNew(git, reader, { commit, parents, path, file });
    const isOpen = file.origins.some((origin, at) => isNew[at] === true && !isAgents(origin));
    const { origins } = isOpen ? await worktrees.ask(path, file) : file;
    const excluded = judgeFigures(path, file.raw);
    added.push({
      path,
      blob: file.blob,
      lines: file.lines,
      parts:
        excluded === 'binary'
          ? []
          : cutParts(addNoted(origins, note?.get(path)), (_, at) => isNew[at] === true),
      ...(excluded === undefined ? {} : { excluded }),
    });
  }
  return added;
}

function addNoted(
  origins: readonly Origin[],
  ranges: readonly NotedRange[] | undefined,
): readonly Origin[] {
  if (ranges === undefined) return origins;
  return origins.map((origin, at) => {
    const found = ranges.find(({ first, last }) => first <= at + 1 && at + 1 <= last);
    if (found === undefined || origin.grade !== 'U') return origin;
    return { grade: 'L', by: { session: found.session, turn: found.turn } };
  });
}

type Question = {
  readonly commit: string;
  readonly parents: readonly string[];
  readonly path: string;
  readonly file: CommittedFile;
};

/** What a merge took from either side is not its own. */
async function findNew(
  git: Git,
  reader: CommitReader,
  { commit, parents, path, file }: Question,
): Promise<boolean[]> {
  const isNew = new Array<boolean>(file.lines.length).fill(true);
  for (const parent of parents) {
    const name = await reader.findBefore(commit, parent, path);
    const oid = name === undefined ? undefined : git.version(parent, name)?.oid;
    const raw = oid === undefined ? undefined : git.text(oid);
    if (raw === undefined) continue;
    const before = readText(raw).lines;
    let [old, now] = [0, 0];
    const keepTo = (from: number) => {
      for (; old < from; old += 1, now += 1) isNew[now] = false;
    };
    for (const edit of listEdits(before, file.lines)) {
      keepTo(edit.from);
      old = edit.to;
      now += edit.lines.length;
    }
    keepTo(before.length);
  }
  return isNew;
}
