/** Folds what an agent said of its plans, one version after the other, into the tasks of its session. */
import type { PlanEntry } from '../contract/types.gen.ts';
import { matchEntries } from './match-entries.ts';
import { mintTaskId } from './mint-task-id.ts';
import type { Status } from './task.ts';

/** One version of one plan. */
export type PlanVersion = {
  /** Which plan, where the agent has several; else empty. */
  readonly plan: string;
  readonly entries: readonly PlanEntry[];
  readonly turn?: string;
  readonly at: number;
  /** Where in the journal it stands. */
  readonly writer: string;
  readonly seq: number;
};

/** Entries of one writer, between which something was so. */
export type Span = { readonly writer: string; readonly from: number; readonly to?: number };

export type SessionTask = {
  readonly id: string;
  readonly title: string;
  readonly status: Status;
  /** The agent's plan still has it. */
  readonly listed: boolean;
  readonly priority?: string;
  readonly plan?: string;
  /** Other words that it had, oldest first. */
  readonly earlier: readonly string[];
  readonly firstAt: number;
  readonly lastAt: number;
  /** The turns in which something was said of it. */
  readonly firstTurn?: string;
  readonly lastTurn?: string;
  /** While it was active. */
  readonly active: readonly Span[];
};

type Kept = {
  id: string;
  title: string;
  entry?: string;
  status: Status;
  listed: boolean;
  priority?: string;
  earlier: string[];
  firstAt: number;
  lastAt: number;
  firstTurn?: string;
  lastTurn?: string;
  active: Span[];
};

const earlierLimit = 20;
/** Those that left a plan and are neither done nor anywhere else are remembered, but not without end. */
const taskLimit = 1000;

/** `versions`: in the order in which they were said. */
export function foldPlans(
  session: string,
  versions: readonly PlanVersion[],
  sha256: (text: string) => string,
): SessionTask[] {
  const plans = new Map<string, Kept[]>();
  const taken = new Set<string>();
  for (const version of versions) {
    const kept = plans.get(version.plan) ?? [];
    plans.set(version.plan, takeVersion(kept, version));
  }
  return [...plans].flatMap(([plan, kept]) =>
    kept.map(({ entry: _, ...it }) => ({ ...it, ...(plan === '' ? {} : { plan }) })),
  );

  function takeVersion(kept: Kept[], version: PlanVersion): Kept[] {
    const said = version.entries.map(({ content, status, id }) => ({
      title: content,
      isDone: statusOf(status) === 'done',
      ...(id === undefined ? {} : { entry: id }),
    }));
    // What is in the plan is found before what has left it.
    const listed = kept.filter((it) => it.listed);
    const known = [...listed, ...kept.filter((it) => !it.listed)];
    const found = matchEntries(
      known.map((it) => ({ ...it, isDone: it.status === 'done' })),
      said,
    );
    const current = version.entries.map((entry, at) => {
      const it = found[at];
      const before = it === undefined ? undefined : known[it];
      return say(before ?? begin(version, entry), version, entry);
    });
    const left = known.filter((it) => !current.includes(it));
    for (const it of left) leave(it, version);
    return [...current, ...left].slice(0, taskLimit);
  }

  function begin(version: PlanVersion, { content, id: entry }: PlanEntry): Kept {
    const seed = `${session}\0${version.plan}\0${content}`;
    const id = mintTaskId(seed, sha256, (it) => taken.has(it), 'p-');
    taken.add(id);
    return {
      id,
      title: content,
      ...(entry === undefined ? {} : { entry }),
      status: 'open',
      listed: true,
      earlier: [],
      firstAt: version.at,
      lastAt: version.at,
      ...(version.turn === undefined ? {} : { firstTurn: version.turn }),
      active: [],
    };
  }
}

function say(task: Kept, version: PlanVersion, { content, status, priority }: PlanEntry): Kept {
  const now = statusOf(status);
  const isNews = now !== task.status || content !== task.title || !task.listed;
  if (content !== task.title) {
    const earlier = task.earlier.filter((it) => it !== content && it !== task.title);
    task.earlier = [...earlier, task.title].slice(-earlierLimit);
    task.title = content;
  }
  if (isNews || task.lastTurn === undefined) {
    task.lastAt = version.at;
    if (version.turn !== undefined) task.lastTurn = version.turn;
  }
  setActive(task, version, now === 'active');
  task.status = now;
  task.listed = true;
  if (priority !== undefined) task.priority = priority;
  return task;
}

/** What the agent no longer speaks of stays as it was: nobody said that it was done, or dropped. */
function leave(task: Kept, version: PlanVersion): void {
  if (!task.listed) return;
  task.listed = false;
  task.lastAt = version.at;
  setActive(task, version, false);
}

/** Of another writer nothing is known while this one was not there. */
function setActive(task: Kept, { writer, seq }: PlanVersion, isActive: boolean): void {
  const last = task.active.at(-1);
  const isOpen = last !== undefined && last.to === undefined && last.writer === writer;
  if (isActive && !isOpen) task.active.push({ writer, from: seq });
  if (!isActive && isOpen) task.active[task.active.length - 1] = { ...last, to: seq };
}

function statusOf(said: string): Status {
  switch (said) {
    case 'in_progress':
    case 'inProgress':
    case 'active':
      return 'active';
    case 'completed':
    case 'done':
      return 'done';
    case 'cancelled':
    case 'canceled':
    case 'skipped':
      return 'dropped';
    case 'blocked':
    case 'failed':
      return 'blocked';
    default:
      return 'open';
  }
}
