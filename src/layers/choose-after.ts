/** Chooses the earlier session that a new one goes on from, and says how near it is. */
import type { LayerOrigin } from '../contract/types.gen.ts';
import type { ShortHead } from './read-head.ts';

export type Here = {
  /** Left out where HEAD is detached. */
  readonly branch?: string | undefined;
  readonly head?: string | undefined;
  /** Which of these commits is the nearest that HEAD grew out of. */
  nearest(wanted: ReadonlySet<string>): { commit: string; steps: number } | undefined;
};

export type Earlier = Pick<ShortHead, 'session' | 'updatedAt' | 'branch' | 'head'>;

/** Undefined where there is none that has to do with what is here. */
export function chooseAfter(sessions: readonly Earlier[], here: Here): LayerOrigin | undefined {
  const newest = [...sessions].sort((a, b) => (a.updatedAt < b.updatedAt ? 1 : -1));
  const { branch, head } = here;
  if (head === undefined) {
    const last = newest.find((it) => it.head === undefined && it.branch === branch);
    return last && tell(last, branch === undefined ? 'no-repository' : 'same-commit');
  }
  const own = newest.filter((it) => it.branch === branch);
  const same = own.find((it) => it.head === head);
  if (same !== undefined) return tell(same, 'same-commit', 0);
  return (
    findNearest(own, here, 'ancestor') ??
    findNearest(newest, here, 'parent-branch') ??
    (own[0] && branch !== undefined ? tell(own[0], 'rewritten') : undefined)
  );
}

function findNearest(
  sessions: readonly Earlier[],
  { nearest }: Here,
  how: LayerOrigin['how'],
): LayerOrigin | undefined {
  const commits = new Set(sessions.flatMap((it) => (it.head === undefined ? [] : [it.head])));
  const found = nearest(commits);
  const session = sessions.find((it) => it.head === found?.commit);
  return found && session && tell(session, how, found.steps);
}

function tell(
  { session, branch, head }: Earlier,
  how: LayerOrigin['how'],
  moves?: number,
): LayerOrigin {
  return {
    ...{ session, how },
    ...(branch === undefined ? {} : { branch }),
    ...(head === undefined ? {} : { head }),
    ...(moves === undefined ? {} : { moves }),
  };
}
