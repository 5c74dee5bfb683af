/** One operation of git on HEAD, as its log tells it: several lines may be one. */
import type { HeadMoved } from '../contract/types.gen.ts';
import type { ReflogLine } from './reflog-line.ts';

export type Operation = {
  readonly cause: HeadMoved['cause'];
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly message: string;
  /** Every commit that HEAD was at in its course. */
  readonly visited: readonly (string | undefined)[];
  /** Where it leaves HEAD, if its message says so: `HEAD` for detached. */
  readonly target?: string;
  readonly ended?: 'done' | 'aborted' | 'left';
};

const step = /^(.*?) \((start|finish|abort|pick|reword|edit|squash|fixup|continue)\): /;
const checkout = /^checkout: moving from (.*) to (.*)$/s;
const renamed = /^Branch: renamed refs\/heads\/(.*) to refs\/heads\/(.*)$/s;
const returning = /returning to refs\/heads\/(.*)$/s;

const causes: readonly (readonly [RegExp, HeadMoved['cause']])[] = [
  [/^commit \(amend\): /, 'amend'],
  [/^commit \(merge\): /, 'merge'],
  [/^commit \(cherry-pick\): /, 'cherry-pick'],
  [/^commit(?: \([^)]*\))?: /, 'commit'],
  [/^merge /, 'merge'],
  [/^(?:initial )?pull\b/, 'pull'],
  [/^cherry-pick: /, 'cherry-pick'],
  [/^revert: /, 'revert'],
  [/^reset: /, 'reset'],
  [/^checkout: /, 'checkout'],
  [/^am: /, 'am'],
  [/^clone: /, 'clone'],
  [/^$/, 'update-ref'],
];

export function listOperations(lines: readonly ReflogLine[]): Operation[] {
  const operations: Operation[] = [];
  for (let at = 0; at < lines.length; ) {
    const count = countLines(lines, at);
    operations.push(tellOperation(lines.slice(at, at + count)));
    at += count;
  }
  return operations;
}

/** How many lines from here on are one operation. */
function countLines(lines: readonly ReflogLine[], at: number): number {
  const first = lines[at]?.message ?? '';
  if (renamed.test(first)) return lines[at + 1]?.message === first ? 2 : 1;
  if (step.exec(first)?.[2] !== 'start') return 1;
  let last = at;
  for (let n = at + 1; n < lines.length; n += 1) {
    const name = step.exec(lines[n]?.message ?? '')?.[2];
    if (name === 'start') break;
    if (name !== undefined) last = n;
    if (name === 'finish' || name === 'abort') break;
  }
  return last - at + 1;
}

function tellOperation(lines: readonly ReflogLine[]): Operation {
  const [first, last] = [lines[0], lines.at(-1)];
  const message = first?.message ?? '';
  const about = {
    from: first?.from,
    to: last?.to,
    message,
    visited: lines.map((it) => it.to),
  };
  const [, prefix = '', name] = step.exec(message) ?? [];
  if (name !== undefined) {
    const end = step.exec(last?.message ?? '')?.[2];
    const back = returning.exec(last?.message ?? '')?.[1];
    const ended = end === 'finish' ? 'done' : end === 'abort' ? 'aborted' : 'left';
    const cause = prefix.startsWith('pull') ? 'pull' : 'rebase';
    return { ...about, cause, ended, target: back ?? 'HEAD' };
  }
  const name2 = renamed.exec(message)?.[2];
  if (name2 !== undefined) return { ...about, cause: 'rename', target: name2 };
  const cause = causes.find(([pattern]) => pattern.test(message))?.[1] ?? 'other';
  const target = checkout.exec(message)?.[2];
  return { ...about, cause, ...(target === undefined ? {} : { target }) };
}

/** The steps of a search are one operation, if we saw that it was one. */
export function joinBisect(operations: readonly Operation[]): Operation[] {
  const isStep = (it: Operation) => it.cause === 'checkout' || it.cause === 'reset';
  const last = operations.findLastIndex((it) => !isStep(it));
  const steps = operations.slice(last + 1);
  const [first, end] = [steps[0], steps.at(-1)];
  if (first === undefined || end === undefined) return [...operations];
  const visited = steps.flatMap((it) => it.visited);
  const joined: Operation = { ...end, cause: 'bisect', from: first.from, visited };
  return [...operations.slice(0, last + 1), joined];
}
