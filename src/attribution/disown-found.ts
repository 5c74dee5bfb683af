/** Takes from a tool call what it says itself that it found there: a look came too early to see it. */
import type { Carried } from './carry-lines.ts';
import type { Question, Suspect } from './explain-change.ts';
import { cutLines } from './text-lines.ts';

/**
 * An editor saves in two steps, or somebody saves just before a call does: then what the call wrote as a whole
 * holds lines that no look saw before it, and that it tells itself to have met. They are not its own.
 */
export function disownFound(
  carried: Carried,
  lines: readonly string[],
  { before, suspects, seen }: Pick<Question, 'before' | 'suspects' | 'seen'>,
): void {
  const found = suspects.flatMap((suspect) => {
    const met = listMet(suspect);
    return met.size === 0 ? [] : [{ by: suspect.by, met }];
  });
  if (found.length === 0) return;
  const known = new Set([...before.lines, ...suspects.flatMap(listMade)]);
  for (const [at, origin] of carried.entries()) {
    const line = lines[at] ?? '';
    if (origin?.by === undefined || origin.seen !== seen || known.has(line)) continue;
    if (found.some(({ by, met }) => by === origin.by && met.has(line))) carried[at] = undefined;
  }
}

function listMet({ claims }: Suspect): Set<string> {
  return new Set(claims.flatMap(({ before }) => (before === undefined ? [] : cutLines(before))));
}

/** What a call that says nothing of what was there wrote after one that does is the same write, told again. */
function listMade({ claims }: Suspect): string[] {
  let isTold = false;
  return claims.flatMap(({ before, after = '' }) => {
    isTold ||= before !== undefined && before !== '';
    if (isTold && before === undefined) return [];
    return listMore(cutLines(before ?? ''), cutLines(after));
  });
}

/** Each as often as it came. */
function listMore(before: readonly string[], after: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const line of before) left.set(line, (left.get(line) ?? 0) + 1);
  return after.filter((line) => {
    const count = left.get(line) ?? 0;
    left.set(line, count - 1);
    return count <= 0;
  });
}
