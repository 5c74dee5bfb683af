/** Whether one commit is part of another's history, as far as that can be read in a moment. */
import type { GitObjects } from './open-objects.ts';

type Commit = { readonly parents: readonly string[]; readonly at: number };

const commitLimit = 10_000;
/** Clocks of those who commit are not all right; what claims to be older than this is not looked behind. */
const slackSeconds = 7 * 86_400;

/** Undefined when it is not found in as much as is read, or when a commit on the way cannot be read. */
export function isAncestor(objects: GitObjects, older: string, newer: string): boolean | undefined {
  if (older === newer) return true;
  const base = readCommit(objects, older);
  if (base === undefined) return undefined;
  const seen = new Set([newer]);
  let isWhole = true;
  for (const id of seen) {
    const commit = readCommit(objects, id);
    if (commit === undefined) isWhole = false;
    else if (commit.parents.includes(older)) return true;
    else if (base.at - slackSeconds <= commit.at) for (const it of commit.parents) seen.add(it);
    if (commitLimit < seen.size) return undefined;
  }
  return isWhole ? false : undefined;
}

function readCommit(objects: GitObjects, id: string): Commit | undefined {
  const found = objects.read(id);
  if (found?.type !== 'commit') return undefined;
  const text = found.bytes.toString('latin1');
  const head = text.slice(0, text.indexOf('\n\n'));
  const parents = [...head.matchAll(/^parent ([0-9a-f]+)$/gm)].map(([, it = '']) => it);
  const at = Number(/^committer .*> (\d+) /m.exec(head)?.[1] ?? 0);
  return { parents, at };
}
