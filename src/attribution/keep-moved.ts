/** Blocks that stand elsewhere now keep their origin, with a flag: only long ones, and only where there is one such. */
import type { Carrying, Hunk } from './carry-lines.ts';
import { withFlag } from './origin.ts';

const leastLines = 3;
const leastChars = 40;

export function keepMoved(work: Carrying, hunks: readonly Hunk[]): void {
  const { before, after, carried, used } = work;
  const gone = new Set<number>();
  const made = new Set<number>();
  for (const { from, to, start, end } of hunks) {
    for (let at = from; at < to; at += 1) if (!used.has(at)) gone.add(at);
    for (let at = start; at < end; at += 1) if (carried[at] === undefined) made.add(at);
  }
  if (gone.size < leastLines || made.size < leastLines) return;
  const goneAt = listStarts(before.lines, gone);
  for (const [key, starts] of listStarts(after, made)) {
    const found = goneAt.get(key) ?? [];
    const [old] = found;
    const [now] = starts;
    if (old === undefined || now === undefined || found.length > 1 || starts.length > 1) continue;
    keepBlock(work, { gone, made }, { old, now });
  }
}

/** By three lines at a time: where such a block begins. */
function listStarts(lines: readonly string[], chosen: ReadonlySet<number>): Map<string, number[]> {
  const starts = new Map<string, number[]>();
  for (const at of chosen) {
    if (!chosen.has(at + 1) || !chosen.has(at + 2)) continue;
    const key = lines.slice(at, at + leastLines).join('\n');
    const known = starts.get(key);
    if (known === undefined) starts.set(key, [at]);
    else known.push(at);
  }
  return starts;
}

type Chosen = { readonly gone: Set<number>; readonly made: Set<number> };

function keepBlock(
  { before, after, carried, used }: Carrying,
  { gone, made }: Chosen,
  { old, now }: { readonly old: number; readonly now: number },
): void {
  const isPair = (shift: number) =>
    gone.has(old + shift) &&
    made.has(now + shift) &&
    before.lines[old + shift] === after[now + shift];
  let [first, last] = [0, 0];
  if (!isPair(0)) return;
  while (isPair(first - 1)) first -= 1;
  while (isPair(last + 1)) last += 1;
  const block = after.slice(now + first, now + last + 1);
  if (block.length < leastLines || block.join('').replace(/\s/g, '').length < leastChars) return;
  for (let shift = first; shift <= last; shift += 1) {
    const origin = before.origins[old + shift];
    if (origin !== undefined) carried[now + shift] = withFlag(origin, 'moved');
    used.add(old + shift);
    gone.delete(old + shift);
    made.delete(now + shift);
  }
}
