/** How one text becomes another, line by line: the one numbering that showing and undoing a change share. */
import { diffArrays } from 'diff';

/** Lines [from, to) of the base became `lines`. */
export type Edit = {
  readonly from: number;
  readonly to: number;
  readonly lines: readonly string[];
};

export type Edits = {
  readonly edits: readonly Edit[];
  /** Too much to compare: everything between the first and the last difference is one edit. */
  readonly isCoarse: boolean;
};

/** Each line with its end; a text that does not end in one keeps it so. */
export function splitLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/**
 * The changes of a text. A change is known by its place in this list, counted from 1, whatever is
 * shown around it: so the same texts must give the same list on every machine, and no clock has a say.
 */
export function listChanges(before: string, after: string): Edits {
  return findEdits(splitLines(before), splitLines(after));
}

export function listEdits(base: readonly string[], next: readonly string[]): readonly Edit[] {
  return findEdits(base, next).edits;
}

/** Of one side, without the ends that are alike. */
const lineLimit = 20_000;
const charLimit = 1 << 20;
/** Lines added and removed among those that both sides have; the time grows with its square. */
const editLimit = 2000;

function findEdits(base: readonly string[], next: readonly string[]): Edits {
  const start = countAlike(base, next);
  const end = countAlikeAtEnd(base, next, start);
  const old = base.slice(start, base.length - end);
  const now = next.slice(start, next.length - end);
  if (old.length === 0 && now.length === 0) return { edits: [], isCoarse: false };
  const whole: Edit = { from: start, to: start + old.length, lines: now };
  if (old.length === 0 || now.length === 0) return { edits: [whole], isCoarse: false };
  const kept = isTooMuch(old) || isTooMuch(now) ? undefined : matchLines(old, now);
  if (kept === undefined) return { edits: [whole], isCoarse: true };
  return { edits: slideDown(base, listGaps({ old, now, kept, start })), isCoarse: false };
}

function countAlike(base: readonly string[], next: readonly string[]): number {
  let count = 0;
  while (count < base.length && count < next.length && base[count] === next[count]) count += 1;
  return count;
}

function countAlikeAtEnd(base: readonly string[], next: readonly string[], start: number): number {
  const limit = Math.min(base.length, next.length) - start;
  let count = 0;
  while (count < limit && base[base.length - 1 - count] === next[next.length - 1 - count])
    count += 1;
  return count;
}

function isTooMuch(lines: readonly string[]): boolean {
  if (lineLimit < lines.length) return true;
  return charLimit < lines.reduce((sum, line) => sum + line.length, 0);
}

/** Places in both texts where the same line is kept. */
type Kept = readonly (readonly [old: number, now: number])[];

/** A line that only one side has cannot be kept: looking for the others alone is the same, and quick. */
function matchLines(old: readonly string[], now: readonly string[]): Kept | undefined {
  const numbers = new Map<string, number>();
  const numberOf = (line: string) => {
    const number = numbers.get(line) ?? numbers.size;
    numbers.set(line, number);
    return number;
  };
  const oldNumbers = old.map(numberOf);
  const nowNumbers = now.map(numberOf);
  const oldPlaces = placesOf(oldNumbers, new Set(nowNumbers));
  const nowPlaces = placesOf(nowNumbers, new Set(oldNumbers));
  const parts = diffArrays(
    oldPlaces.map((at) => oldNumbers[at]),
    nowPlaces.map((at) => nowNumbers[at]),
    { maxEditLength: editLimit },
  );
  if (parts === undefined) return undefined;
  const kept: [number, number][] = [];
  let [oldAt, nowAt] = [0, 0];
  for (const { added, removed, value } of parts) {
    if (!added && !removed) {
      for (let at = 0; at < value.length; at += 1)
        kept.push([oldPlaces[oldAt + at] ?? 0, nowPlaces[nowAt + at] ?? 0]);
    }
    if (!added) oldAt += value.length;
    if (!removed) nowAt += value.length;
  }
  return kept;
}

function placesOf(numbers: readonly number[], others: ReadonlySet<number>): number[] {
  return [...numbers.keys()].filter((at) => others.has(numbers[at] ?? -1));
}

type Middle = {
  readonly old: readonly string[];
  readonly now: readonly string[];
  readonly kept: Kept;
  readonly start: number;
};

/** What stands between the lines that are kept. */
function listGaps({ old, now, kept, start }: Middle): Edit[] {
  const edits: Edit[] = [];
  let [oldAt, nowAt] = [0, 0];
  for (const [oldNext, nowNext] of [...kept, [old.length, now.length] as const]) {
    if (oldAt < oldNext || nowAt < nowNext) {
      edits.push({ from: start + oldAt, to: start + oldNext, lines: now.slice(nowAt, nowNext) });
    }
    oldAt = oldNext + 1;
    nowAt = nowNext + 1;
  }
  return edits;
}

/**
 * Lines that were only added, or only removed, may often as well begin a line later: the last place is
 * the one that people expect, behind the function before and with the blank line that follows it.
 */
function slideDown(base: readonly string[], edits: readonly Edit[]): Edit[] {
  return edits.map((edit, at) => {
    const limit = edits[at + 1]?.from ?? base.length + 1;
    return slideEdit(base, edit, limit - 1);
  });
}

/** `limit`: where it must end; beyond it the next change would be touched. */
function slideEdit(base: readonly string[], edit: Edit, limit: number): Edit {
  const { from, to, lines } = edit;
  const isAdded = from === to;
  if (!isAdded && 0 < lines.length) return edit;
  const moving = isAdded ? lines : base.slice(from, to);
  let steps = 0;
  while (to + steps < Math.min(limit, base.length)) {
    if (base[to + steps] !== moving[steps % moving.length]) break;
    steps += 1;
  }
  const turn = steps % moving.length;
  const turned = isAdded ? [...lines.slice(turn), ...lines.slice(0, turn)] : lines;
  return { from: from + steps, to: to + steps, lines: turned };
}
