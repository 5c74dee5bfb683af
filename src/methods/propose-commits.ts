/** Looks among the last commits for such that perhaps show that tasks are done. */
import { Failure } from '../errors.ts';
import type { Commit } from '../snapshot/commit-object.ts';
import { showPath } from '../snapshot/raw-path.ts';
import {
  isUndone,
  type Proposal,
  proposeEvidence,
  type SeenCommit,
} from '../tasks/propose-evidence.ts';
import type { Task } from '../tasks/task.ts';
import type { Context } from './context.ts';
import { type Git, openGit } from './open-git.ts';

/** Further back nobody looks for what a task of today was done by. */
const commitLimit = 200;

export function proposeCommits(
  context: Context,
  tasks: readonly Task[],
): ReadonlyMap<string, readonly Proposal[]> {
  const open = tasks.filter(isUndone);
  const { head } = context.head();
  if (open.length === 0 || head === undefined || context.workspace.gitCommonDir === undefined)
    return new Map();
  const wanted = new Set(open.map((it) => it.evidence.files.length).filter((it) => 0 < it));
  const git = openGit(context);
  try {
    return proposeEvidence(open, readCommits(git, head, 0 < wanted.size));
  } finally {
    git.close();
  }
}

/** The newest first, as far as they are here: the rest of a shallow clone is not. */
function readCommits(git: Git, head: string, withFiles: boolean): SeenCommit[] {
  const seen: SeenCommit[] = [];
  const ids = new Set([head]);
  for (const id of ids) {
    const commit = unlessMissing(() => git.commit(id));
    if (commit === undefined) continue;
    const files = withFiles ? unlessMissing(() => listFiles(git, id, commit)) : undefined;
    const { authoredAt, message } = commit;
    seen.push({ id, message: showPath(message), authoredAt, ...(files && { files }) });
    if (commitLimit <= seen.length) break;
    for (const it of commit.parents) ids.add(it);
  }
  return seen;
}

function listFiles(git: Git, id: string, { parents }: Commit): string[] | undefined {
  if (1 < parents.length) return undefined;
  return git.diff(parents[0], id).map((it) => it.path);
}

function unlessMissing<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'damaged') throw error;
    return undefined;
  }
}
