/** How many lines a change adds and removes. */

export type LineCount = { added: number; removed: number };

/** Past this many comparisons, order is ignored: the figures are then a lower bound. */
const compareLimit = 1_000_000;

export function countLines(before: string, after: string): LineCount {
  const old = linesOf(before);
  const now = linesOf(after);
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start += 1;
  let end = 0;
  while (
    end < old.length - start &&
    end < now.length - start &&
    old[old.length - 1 - end] === now[now.length - 1 - end]
  )
    end += 1;
  const oldRest = old.slice(start, old.length - end);
  const nowRest = now.slice(start, now.length - end);
  const common =
    oldRest.length * nowRest.length <= compareLimit
      ? commonLines(oldRest, nowRest)
      : sharedLines(oldRest, nowRest);
  return { added: nowRest.length - common, removed: oldRest.length - common };
}

function linesOf(text: string): string[] {
  if (text === '') return [];
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** The length of the longest common subsequence. */
function commonLines(old: readonly string[], now: readonly string[]): number {
  let row = new Uint32Array(now.length + 1);
  for (const line of old) {
    const next = new Uint32Array(now.length + 1);
    for (let at = 0; at < now.length; at += 1) {
      next[at + 1] =
        line === now[at] ? (row[at] ?? 0) + 1 : Math.max(next[at] ?? 0, row[at + 1] ?? 0);
    }
    row = next;
  }
  return row[now.length] ?? 0;
}

function sharedLines(old: readonly string[], now: readonly string[]): number {
  const counts = new Map<string, number>();
  for (const line of old) counts.set(line, (counts.get(line) ?? 0) + 1);
  let shared = 0;
  for (const line of now) {
    const left = counts.get(line) ?? 0;
    if (left === 0) continue;
    counts.set(line, left - 1);
    shared += 1;
  }
  return shared;
}
