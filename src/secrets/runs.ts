/** Finds the long stretches of letters, digits, `_` and `-` that every token of a known shape contains. */
import { inRun, isOf } from './signs.ts';

/** No known shape has a shorter one. */
const shortestRun = 18;

/** Looks at one character in eighteen, and around it only where it could be part of a run. */
export function findRuns(text: string, seen: (from: number, to: number) => void): void {
  let at = shortestRun - 1;
  let floor = 0;
  while (at < text.length) {
    if (!isOf(text.charCodeAt(at), inRun)) {
      floor = at + 1;
      at += shortestRun;
      continue;
    }
    let from = at;
    while (floor < from && isOf(text.charCodeAt(from - 1), inRun)) from -= 1;
    let to = at + 1;
    while (to < text.length && isOf(text.charCodeAt(to), inRun)) to += 1;
    if (shortestRun <= to - from) seen(from, to);
    floor = to + 1;
    at = to + shortestRun;
  }
}
