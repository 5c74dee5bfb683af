/** Proposes commits that perhaps show that a task is done. A person says whether they do. */
import type { Task } from './task.ts';

export type SeenCommit = {
  readonly id: string;
  readonly message: string;
  /** Milliseconds, as its author's clock had it. */
  readonly authoredAt: number;
  /** What it changed against its only parent; left out of merges, and where it was not looked at. */
  readonly files?: readonly string[];
};

export type Proposal = {
  readonly commit: string;
  readonly title: string;
  /** named: the message has the task's id. same-files: it changes exactly the files of the task. */
  readonly why: 'named' | 'same-files';
};

/** Of what is not done yet; newest commit first, as they are given. */
export function proposeEvidence(
  tasks: readonly Task[],
  commits: readonly SeenCommit[],
): ReadonlyMap<string, readonly Proposal[]> {
  const proposed = new Map<string, Proposal[]>();
  for (const task of tasks.filter(isUndone)) {
    const isNamed = openNameTest(task.id);
    const hasItsFiles = openFilesTest(task);
    const found = commits
      .filter((it) => !task.evidence.commits.some((known) => isSameCommit(known, it.id)))
      .flatMap((it): Proposal[] => {
        const told = { commit: it.id, title: it.message.trimStart().split(/\r?\n/)[0] ?? '' };
        if (isNamed(it.message)) return [{ ...told, why: 'named' }];
        return hasItsFiles(it) ? [{ ...told, why: 'same-files' }] : [];
      });
    if (0 < found.length) proposed.set(task.id, found);
  }
  return proposed;
}

export const isUndone = ({ status }: Task) => status !== 'done' && status !== 'dropped';

const isSameCommit = (known: string, id: string) =>
  7 <= known.length && id.startsWith(known.toLowerCase());

/** An id of ours is no word of any language; one that a person made up may be, and must be marked. */
function openNameTest(id: string): (message: string) => boolean {
  // Of what an id may hold only the point means something there.
  const spelled = id.replaceAll('.', '\\.');
  const isPlain = ours.test(id) || (/\d/.test(id) && 4 <= id.length);
  const mark = isPlain ? '(?<![\\w.-])' : '(?:#|\\[|\\btask:? +)';
  const named = new RegExp(`${mark}${spelled}(?![\\w-]|\\.\\w)`, 'iu');
  return (message) => named.test(message);
}

const ours = /^t-[0-9a-z]{7}$/;

/** A commit that is older than the task was not made for it. */
function openFilesTest({ evidence, created }: Task): (commit: SeenCommit) => boolean {
  const own = new Set(evidence.files);
  const since = created?.at === undefined ? Number.NaN : Date.parse(created.at);
  return ({ files, authoredAt }) =>
    0 < own.size &&
    files?.length === own.size &&
    files.every((it) => own.has(it)) &&
    !(authoredAt < since);
}
