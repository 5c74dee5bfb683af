/** Folds what git's logs and our hooks tell since last time into one event for each operation. */
import type { BranchMoved, HeadMoved, StashChanged } from '../contract/types.gen.ts';
import { type Judged, judgeActor } from './judge-actor.ts';
import { joinBisect, listOperations, type Operation } from './operation.ts';
import type { ReflogLine } from './reflog-line.ts';
import type { SpoolLine } from './spool-line.ts';

export type RepoEvent = HeadMoved | BranchMoved | StashChanged;

/** Where HEAD is: no branch when it is detached, no commit on a branch without one. */
export type Place = { readonly branch?: string; readonly head?: string };

export type InProgress = 'rebase' | 'merge' | 'cherry-pick' | 'revert' | 'bisect';

export type BranchReading = {
  /** Undefined when it is gone. */
  readonly head: string | undefined;
  /** New since last time. */
  readonly lines: readonly ReflogLine[];
};

/** What is to be remembered of a reading. */
export type Known = {
  readonly place: Place;
  readonly branches: ReadonlyMap<string, string>;
  readonly stash: readonly string[];
  /** What was going on, so that nothing was told. */
  readonly held?: InProgress;
};

export type Reading = {
  readonly place: Place;
  readonly lines: readonly ReflogLine[];
  /** Those that are there or were. */
  readonly branches: ReadonlyMap<string, BranchReading>;
  readonly stash: readonly ReflogLine[];
  readonly spool: readonly SpoolLine[];
  /** The writer that asks. */
  readonly run: string | undefined;
};

const messageLimit = 200;

export function foldMoves(known: Known, reading: Reading): RepoEvent[] {
  const stash = foldStash(known, reading);
  const logged = dropStashResets(listOperations(reading.lines), stash);
  const operations = known.held === 'bisect' ? joinBisect(logged) : logged;
  const moves = placeOperations(known, reading, operations);
  const all = moves.map((it) => it.operation);
  const heads = moves.map(({ operation, fromBranch, branch }): HeadMoved => {
    const { cause, from, to, message, ended } = operation;
    const witnesses = { lines: reading.spool, operations: all, run: reading.run };
    const { actor, heard }: Judged = judgeActor(operation, witnesses);
    return {
      type: 'head-moved',
      cause,
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
      ...(fromBranch === undefined ? {} : { fromBranch }),
      ...(branch === undefined ? {} : { branch }),
      ...(ended === undefined ? {} : { ended }),
      ...(message === '' ? {} : { message: message.slice(0, messageLimit) }),
      actor,
      heard,
    };
  });
  return [...heads, ...foldBranches(known, reading, heads), ...stash];
}

type Move = {
  readonly operation: Operation;
  readonly fromBranch: string | undefined;
  readonly branch: string | undefined;
};

/** Says of each operation from which branch to which, and tells of moves that git did not log. */
function placeOperations(known: Known, reading: Reading, operations: readonly Operation[]): Move[] {
  const moves: Move[] = [];
  let at: Place = known.place;
  const go = (operation: Operation, branch: string | undefined) => {
    moves.push({ operation, fromBranch: at.branch, branch });
    at = placeOf(branch, operation.to);
  };
  operations.forEach((operation, n) => {
    const isLast = n === operations.length - 1;
    if (operation.from !== at.head) {
      const gap = tellGap(at.head, operation.from);
      const isOnlyStep = operation.from === undefined && isLast;
      go(gap, isOnlyStep ? reading.place.branch : at.branch);
    }
    const wanted = targetOf(operation, at.branch, reading);
    // Who sets HEAD to another branch by hand leaves a line without a word.
    const isSaid = wanted === at.branch && operation.message !== '';
    go(operation, isLast && !isSaid ? reading.place.branch : wanted);
  });
  const { branch, head } = reading.place;
  if (branch !== at.branch || head !== at.head) go(tellGap(at.head, head), branch);
  return moves;
}

const placeOf = (branch: string | undefined, head: string | undefined): Place => ({
  ...(branch === undefined ? {} : { branch }),
  ...(head === undefined ? {} : { head }),
});

function tellGap(from: string | undefined, to: string | undefined): Operation {
  const cause = to === undefined ? 'orphan' : 'unlogged';
  return { cause, from, to, message: '', visited: [to] };
}

/** What a message names may be any way to spell a commit: only a branch's name is one. */
function targetOf({ target }: Operation, branch: string | undefined, { branches }: Reading) {
  if (target === undefined) return branch;
  return branches.has(target) ? target : undefined;
}

/** To stash is also to reset, which git logs by itself. */
function dropStashResets(operations: readonly Operation[], stash: readonly StashChanged[]) {
  let owed = stash.filter((it) => it.cause === 'pushed').length;
  return operations.filter((it) => {
    const isStashs = it.message === 'reset: moving to HEAD' && it.from === it.to && 0 < owed;
    if (isStashs) owed -= 1;
    return !isStashs;
  });
}

function foldStash(known: Known, { stash }: Reading): StashChanged[] {
  const before = new Set(known.stash);
  const now = new Set(stash.map((it) => it.to));
  const gone = known.stash.filter((it) => !now.has(it));
  const pushed = stash.flatMap(({ to, message }): StashChanged[] =>
    to === undefined || before.has(to)
      ? []
      : [
          {
            ...{ type: 'stash-changed', cause: 'pushed', commits: [to] },
            ...{ message: message.slice(0, messageLimit), actor: { kind: 'unknown' } },
          },
        ],
  );
  if (gone.length === 0) return pushed;
  const actor = { kind: 'unknown' } as const;
  return [...pushed, { type: 'stash-changed', cause: 'dropped', commits: gone, actor }];
}

function foldBranches(known: Known, reading: Reading, heads: readonly HeadMoved[]): BranchMoved[] {
  const told: BranchMoved[] = [];
  const followed = heads.map((it) => ({ branch: it.branch, to: it.to }));
  const gone = new Set<string>();
  for (const [branch, it] of reading.branches) {
    const was = renamedFrom(known, branch, it);
    if (was !== undefined) gone.add(was);
    told.push(...foldBranch(known, branch, it, followed));
  }
  const renamedHead = heads.filter((it) => it.cause === 'rename').map((it) => it.fromBranch);
  return told.filter(
    (it) => it.cause !== 'deleted' || !(gone.has(it.branch) || renamedHead.includes(it.branch)),
  );
}

const naming = /^Branch: (renamed|copied) refs\/heads\/(.*) to refs\/heads\//s;

/** A branch that got its name since last time brought its log along, which is told already. */
function renamedFrom(known: Known, branch: string, { lines }: BranchReading): string | undefined {
  if (known.branches.has(branch)) return undefined;
  const [, how, was] = naming.exec(lines[lastNaming(lines)]?.message ?? '') ?? [];
  return how === 'renamed' ? was : undefined;
}

const lastNaming = (lines: readonly ReflogLine[]) =>
  lines.findLastIndex((it) => naming.test(it.message));

type Followed = { branch: string | undefined; to: string | undefined };

function foldBranch(
  known: Known,
  branch: string,
  reading: BranchReading,
  followed: Followed[],
): BranchMoved[] {
  const { head, lines } = reading;
  const before = known.branches.get(branch);
  const about = { type: 'branch-moved', branch, actor: { kind: 'unknown' } } as const;
  const told: BranchMoved[] = [];
  if (head === undefined)
    return before === undefined ? [] : [{ ...about, cause: 'deleted', from: before }];
  const named = before === undefined ? lastNaming(lines) : -1;
  const was = renamedFrom(known, branch, reading);
  const line = lines[named];
  const isHeads = line !== undefined && takeFollowed(followed, branch, line.to);
  if (line !== undefined && !isHeads) {
    const to = line.to === undefined ? {} : { to: line.to };
    if (was === undefined) told.push({ ...about, cause: 'created', ...to });
    else told.push({ ...about, cause: 'renamed', was, ...to });
  }
  const moves = lines.slice(named + 1).filter((it) => !takeFollowed(followed, branch, it.to));
  told.push(
    ...moves.map(
      ({ from, to, message }): BranchMoved => ({
        ...about,
        cause: from === undefined ? 'created' : 'moved',
        ...(from === undefined ? {} : { from }),
        ...(to === undefined ? {} : { to }),
        ...(message === '' ? {} : { message: message.slice(0, messageLimit) }),
      }),
    ),
  );
  const isLogged = lines.length > 0 || before === head;
  if (isLogged || takeFollowed(followed, branch, head)) return told;
  const from = before === undefined ? {} : { from: before };
  return [{ ...about, cause: before === undefined ? 'created' : 'moved', ...from, to: head }];
}

/** HEAD's own move is told already; each tells for one line. */
function takeFollowed(followed: Followed[], branch: string, to: string | undefined): boolean {
  const at = followed.findIndex((it) => it.branch === branch && it.to === to);
  if (at === -1) return false;
  followed.splice(at, 1);
  return true;
}
