/** The commits that somebody names, by one revision or a range, the oldest first. */
import { Failure } from '../errors.ts';
import type { Git } from './open-git.ts';

/** More are for several questions. */
const commitLimit = 5000;

export function listCommits(git: Git, revs: readonly string[]): string[] {
  const commits = revs.flatMap((rev) => {
    const [, from, to] = /^(.*?)\.\.(.*)$/.exec(rev) ?? [];
    if (from === undefined) return [git.resolve(rev)];
    const left = reach(git, [git.resolve(from === '' ? 'HEAD' : from)]);
    const right = reach(git, [git.resolve(to === undefined || to === '' ? 'HEAD' : to)], left);
    return [...right].reverse();
  });
  return [...new Set(commits)];
}

/** All that lead to these, themselves included, the newest first; without those `but`. */
export function reach(
  git: Git,
  from: readonly string[],
  but: ReadonlySet<string> = new Set(),
): Set<string> {
  const found = new Set(from.filter((it) => !but.has(it)));
  for (const id of found) {
    if (found.size > commitLimit)
      throw new Failure('invalid-params', `there are more than ${commitLimit} commits in it`, {
        hint: 'ask for a shorter range',
      });
    for (const parent of parentsOf(git, id)) if (!but.has(parent)) found.add(parent);
  }
  return found;
}

/** In a shallow clone history ends where it was cut. */
function parentsOf(git: Git, id: string): readonly string[] {
  return git.has(id) ? git.commit(id).parents : [];
}
