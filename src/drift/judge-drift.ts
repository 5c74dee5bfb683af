/** Decides what it means for a session that its repository is not where it was: nothing, a word, or an alert. */
import type { DriftCause, FileDrift, FoundDrift, Ground } from '../contract/types.gen.ts';
import type { RepoEvent } from './fold-moves.ts';

export type DriftReason = FoundDrift['reasons'][number];

export type DriftCase = {
  readonly before: Ground;
  readonly after: Ground;
  /** What was told between the two; `isCut`: not all of it is known any more. */
  readonly events: readonly RepoEvent[];
  readonly isCut: boolean;
  /** Whether the session's own agent did it: only where a hook bore witness. */
  isOwn(event: RepoEvent): boolean;
  /** Looks closer; only where somebody else did something. */
  look(): Looked;
};

export type Looked = {
  /** Undefined where the history cannot be read that far. */
  readonly descends: boolean | undefined;
  readonly isBranchGone: boolean;
  readonly defaultBranch: string | undefined;
  /** Those that the session knows, and that are not as it knows them. */
  readonly files: readonly FileDrift[];
};

export type DriftVerdict = {
  readonly level: 'none' | 'benign' | 'notice' | 'alert';
  readonly reasons: readonly DriftReason[];
  readonly files: readonly FileDrift[];
};

const quiet = (level: 'none' | 'benign'): DriftVerdict => ({
  ...{ level, reasons: [], files: [] },
});

export function judgeDrift(it: DriftCase): DriftVerdict {
  const { before, after, events } = it;
  const isMoved = hasMoved(it);
  const foreign = events.filter((event) => !it.isOwn(event) && event.type !== 'branch-moved');
  // Files change all the time without git: that alone is not for us to tell.
  if (!isMoved && foreign.length === 0) return quiet('none');
  const isExplained = !it.isCut && events.some((event) => event.type === 'head-moved');
  if (foreign.length === 0 && isExplained) return quiet('benign');
  const looked = it.look();
  const { files, descends } = looked;
  const grave = listGrave(it, looked);
  if (0 < grave.length) return { level: 'alert', reasons: [...grave, ...listMoves(it)], files };
  const isForward = before.branch === after.branch && descends === true;
  if (!isMoved || isForward) return quiet('benign');
  return { level: 'notice', reasons: listMoves(it), files };
}

export const hasMoved = ({ before, after }: Pick<DriftCase, 'before' | 'after'>) =>
  before.branch !== after.branch || before.head !== after.head;

function listGrave({ before, after, events }: DriftCase, looked: Looked): DriftReason[] {
  const { files, descends, isBranchGone, defaultBranch } = looked;
  const isOnDefault = after.branch !== undefined && after.branch === defaultBranch;
  const isRenamed = events.some(
    (it) => it.type === 'head-moved' && it.cause === 'rename' && it.fromBranch === before.branch,
  );
  return [
    ...(0 < files.length ? (['files-differ'] as const) : []),
    ...(before.head !== undefined && descends === false ? (['base-gone'] as const) : []),
    ...(before.branch !== undefined && isBranchGone && !isRenamed
      ? (['branch-deleted'] as const)
      : []),
    ...(isOnDefault && before.branch !== defaultBranch ? (['on-default-branch'] as const) : []),
  ];
}

function listMoves({ before, after }: DriftCase): DriftReason[] {
  if (before.branch !== after.branch) return ['branch-switched'];
  return before.head === after.head ? [] : ['head-moved'];
}

const causeLimit = 5;

/** Whatever a person should hear of as the reason: the last of what others did. */
export function listCauses({ events, isOwn }: Pick<DriftCase, 'events' | 'isOwn'>): DriftCause[] {
  const isTold = (event: RepoEvent) =>
    !isOwn(event) && (event.type !== 'branch-moved' || event.cause === 'deleted');
  return events.filter(isTold).slice(-causeLimit).map(nameCause);
}

function nameCause(event: RepoEvent): DriftCause {
  const { type: what, cause, actor, message } = event;
  const about = { what, cause, actor, ...(message === undefined ? {} : { message }) };
  if (event.type === 'stash-changed') return about;
  const { from, to, branch } = event;
  const fromBranch = event.type === 'head-moved' ? event.fromBranch : undefined;
  return {
    ...about,
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(fromBranch === undefined ? {} : { fromBranch }),
    ...(branch === undefined ? {} : { branch }),
  };
}
