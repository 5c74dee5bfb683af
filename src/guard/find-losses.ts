/** Which changes of somebody else a text would lose that was written from an older version. */
import { listEdits, splitLines } from '../snapshot/edit-lines.ts';
import { squeezeLine } from '../snapshot/squeeze-line.ts';

/** Lines [line, line + count) of the version that is there, from 1. */
export type LineRange = { readonly line: number; readonly count: number };

export type Losses = {
  /** Lines that somebody else added, and that the new text has not. */
  readonly lost: readonly LineRange[];
  /** Lines that somebody else took away, and that the new text brings back. */
  readonly revived: number;
};

export type Versions = {
  /** What the writer knew. */
  readonly seen: string;
  /** What is there instead. */
  readonly found: string;
  /** What is to be there next. */
  readonly wanted: string;
};

/**
 * A line of somebody else counts as lost only when it goes from its place and stands nowhere else
 * either: what was moved or formatted is still there. What a formatter sets at will is not looked at.
 */
export function findLosses({ seen, found, wanted }: Versions): Losses {
  const [was, is, next] = [splitLines(seen), splitLines(found), splitLines(wanted)];
  const foreign = listEdits(was, is);
  const removed = listEdits(is, next);
  const [countIs, countNext] = [countLines(is), countLines(next)];
  const isMissing = (key: string) => (countNext.get(key) ?? 0) < (countIs.get(key) ?? 0);
  const goes = new Set(removed.flatMap(({ from, to }) => listPlaces(from, to)));
  const lost = listAdded(was, foreign).filter(
    (at) => goes.has(at) && isMissing(keyOf(is[at] ?? '')),
  );
  return { lost: joinRanges(lost), revived: countRevived(was, foreign, { countIs, countNext }) };
}

export function isLossless({ lost, revived }: Losses): boolean {
  return lost.length === 0 && revived === 0;
}

export function countLost({ lost }: Pick<Losses, 'lost'>): number {
  return lost.reduce((sum, { count }) => sum + count, 0);
}

/** Lines that are in both. */
export function intersectRanges(
  one: readonly LineRange[],
  other: readonly LineRange[],
): LineRange[] {
  const places = new Set(
    other.flatMap(({ line, count }) => listPlaces(line - 1, line - 1 + count)),
  );
  const both = one.flatMap(({ line, count }) => listPlaces(line - 1, line - 1 + count));
  return joinRanges(both.filter((at) => places.has(at)));
}

type Edits = ReturnType<typeof listEdits>;
type Counts = ReadonlyMap<string, number>;

/** Places in the later text of lines that came in, but for those that only look different. */
function listAdded(was: readonly string[], edits: Edits): number[] {
  let shift = 0;
  return edits.flatMap(({ from, to, lines }) => {
    const replaced = was.slice(from, to);
    const gone = countLines(replaced);
    const start = from + shift;
    shift += lines.length - (to - from);
    if (isReflowed(replaced, lines)) return [];
    return lines.flatMap((line, at) => {
      const key = keyOf(line);
      const left = gone.get(key) ?? 0;
      if (left > 0) gone.set(key, left - 1);
      return key === '' || left > 0 ? [] : [start + at];
    });
  });
}

function countRevived(
  was: readonly string[],
  edits: Edits,
  { countIs, countNext }: { readonly countIs: Counts; readonly countNext: Counts },
): number {
  const gone = new Map<string, number>();
  for (const { from, to, lines } of edits) {
    const replaced = was.slice(from, to);
    if (isReflowed(replaced, lines)) continue;
    const kept = countLines(lines);
    for (const line of replaced) {
      const key = keyOf(line);
      const left = kept.get(key) ?? 0;
      if (left > 0) kept.set(key, left - 1);
      else if (key !== '') gone.set(key, (gone.get(key) ?? 0) + 1);
    }
  }
  let revived = 0;
  for (const [key, count] of gone) {
    const back = (countNext.get(key) ?? 0) - (countIs.get(key) ?? 0);
    revived += Math.min(count, Math.max(0, back));
  }
  return revived;
}

function listPlaces(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, at) => from + at);
}

function countLines(lines: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(keyOf(line), (counts.get(keyOf(line)) ?? 0) + 1);
  return counts;
}

const keyOf = squeezeLine;

/** The same words on more lines or fewer: where a line is broken, commas come and go. */
function isReflowed(was: readonly string[], now: readonly string[]): boolean {
  if (was.length === now.length || was.length === 0 || now.length === 0) return false;
  const [old, made] = [was, now].map((lines) => keyOf(lines.join('')).replace(/[,;]/g, ''));
  return old !== '' && old === made;
}

function joinRanges(places: readonly number[]): LineRange[] {
  const ranges: { line: number; count: number }[] = [];
  for (const at of places) {
    const last = ranges.at(-1);
    if (last !== undefined && last.line + last.count === at + 1) last.count += 1;
    else ranges.push({ line: at + 1, count: 1 });
  }
  return ranges;
}
