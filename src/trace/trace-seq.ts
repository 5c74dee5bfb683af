/** How far a trace goes: of each writer the last entry that is in it. */
import type { TraceSeq } from '../contract/types.gen.ts';

/** Neither is changed. In any order and as often as one likes, it comes to the same. */
export function joinSeqs(one: TraceSeq, other: TraceSeq): TraceSeq {
  const joined: TraceSeq = { ...one };
  for (const [writer, seq] of Object.entries(other))
    joined[writer] = Math.max(seq, joined[writer] ?? 0);
  return joined;
}

/** Whether everything that `wanted` has is in `seq` too. */
export function reachesAsFar(seq: TraceSeq, wanted: TraceSeq): boolean {
  return Object.entries(wanted).every(([writer, it]) => it <= (seq[writer] ?? 0));
}
