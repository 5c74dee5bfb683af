/** The origins of a version's lines, run by run: what is kept of each version that was ever seen. */
import { type Origin, unseen } from './origin.ts';

export type Run = readonly [count: number, origin: Origin];

/** `rest`: of lines whose origin is not told. */
export function packRuns(origins: readonly (Origin | undefined)[], rest: Origin = unseen): Run[] {
  const runs: Run[] = [];
  let from = 0;
  for (let at = 1; at <= origins.length; at += 1) {
    const origin = origins[from] ?? rest;
    if (at < origins.length && isSameOrigin(origins[at] ?? rest, origin)) continue;
    runs.push([at - from, origin]);
    from = at;
  }
  return runs;
}

export function unpackRuns(runs: readonly Run[]): Origin[] {
  const origins = new Array<Origin>(countLines(runs));
  let from = 0;
  for (const [count, origin] of runs) {
    origins.fill(origin, from, from + count);
    from += count;
  }
  return origins;
}

/** Those of the lines [from, to). */
export function cutRuns(runs: readonly Run[], from: number, to: number): Run[] {
  const cut: Run[] = [];
  let start = 0;
  for (const run of runs) {
    const [count, origin] = run;
    const kept = Math.min(to, start + count) - Math.max(from, start);
    if (kept > 0) cut.push(kept === count ? run : [kept, origin]);
    start += count;
    if (start >= to) break;
  }
  return cut;
}

/** One after the other; where two meet that have one origin, they are one. */
export function joinRuns(...parts: readonly (readonly Run[])[]): Run[] {
  const joined: Run[] = [];
  for (const part of parts) {
    const [first, ...rest] = part;
    const last = joined.at(-1);
    if (first === undefined) continue;
    if (last !== undefined && isSameOrigin(last[1], first[1]))
      joined[joined.length - 1] = [last[0] + first[0], last[1]];
    else joined.push(first);
    for (const run of rest) joined.push(run);
  }
  return joined;
}

export function countLines(runs: readonly Run[]): number {
  return runs.reduce((sum, [count]) => sum + count, 0);
}

export function isSameOrigin(one: Origin, other: Origin): boolean {
  if (one === other) return true;
  return (
    one.grade === other.grade &&
    one.seen === other.seen &&
    one.by?.step === other.by?.step &&
    one.by?.turn === other.by?.turn &&
    one.by?.session === other.by?.session &&
    isSameList(one.among, other.among) &&
    isSameList(one.flags, other.flags)
  );
}

function isSameList(one: readonly string[] = [], other: readonly string[] = []): boolean {
  return one.length === other.length && one.every((it, at) => it === other[at]);
}
