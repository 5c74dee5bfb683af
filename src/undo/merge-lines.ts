/** Takes one change back out of a text that was changed further since: a three-way merge, line by line. */
import { type Edit, listChanges, listEdits, splitLines } from '../snapshot/edit-lines.ts';

/** Texts have one character a byte, so that any encoding comes through as it was. */
export type Merge =
  | { readonly kind: 'merged'; readonly text: string }
  | { readonly kind: 'conflict'; readonly conflicts: readonly Conflict[] };

/** Lines that somebody else wrote where the change to be undone was. */
export type Conflict = {
  /** First line of the place in the text as it is now, from 1. */
  readonly line: number;
  readonly theirs: readonly string[];
};

/** `now` without what made `after` out of `before`. */
export function mergeInverse(texts: { before: string; after: string; now: string }): Merge {
  const base = splitLines(texts.after);
  const undone = listEdits(base, splitLines(texts.before));
  const theirs = listEdits(base, splitLines(texts.now));
  const conflicts = findConflicts(undone, theirs);
  if (conflicts.length > 0) return { kind: 'conflict', conflicts };
  const edits = mergeEdits(undone, theirs);
  return { kind: 'merged', text: applyEdits(base, edits).join('') };
}

/** The same, where they clash: what is there now stays, and behind it comes what was taken away there. */
export function mergeKeepingBoth(texts: { before: string; after: string; now: string }): string {
  const base = splitLines(texts.after);
  const undone = listEdits(base, splitLines(texts.before));
  const theirs = listEdits(base, splitLines(texts.now));
  const clear = undone.filter((edit) => !theirs.some((other) => isClash(edit, other)));
  const added = undone
    .filter((edit) => !clear.includes(edit))
    .map((edit) => addBehind(base, edit, theirs));
  return applyEdits(base, mergeEdits(clear, [...theirs, ...added])).join('');
}

/** Only what it brings: what it takes away is what the other edit is about. */
function addBehind(base: readonly string[], edit: Edit, theirs: readonly Edit[]): Edit {
  const clashing = theirs.filter((other) => isClash(edit, other));
  const end = Math.max(edit.to, ...clashing.map(({ to }) => to));
  const there = new Set([...base.slice(edit.from, edit.to), ...clashing.flatMap((it) => it.lines)]);
  return { from: end, to: end, lines: edit.lines.filter((line) => !there.has(line)) };
}

function findConflicts(undone: readonly Edit[], theirs: readonly Edit[]): Conflict[] {
  const conflicts: Conflict[] = [];
  let shift = 0;
  for (const edit of theirs) {
    if (undone.some((other) => isClash(edit, other))) {
      conflicts.push({ line: edit.from + shift + 1, theirs: edit.lines });
    }
    shift += edit.lines.length - (edit.to - edit.from);
  }
  return conflicts;
}

/** They meet, and it is not clear what should come out: the same edit made by both is clear. */
function isClash(one: Edit, other: Edit): boolean {
  if (isSameEdit(one, other)) return false;
  if (one.from < other.to && other.from < one.to) return true;
  const isTouching = one.from <= other.to && other.from <= one.to;
  return isTouching && one.lines.length > 0 && other.lines.length > 0;
}

function isSameEdit(one: Edit, other: Edit): boolean {
  return (
    one.from === other.from &&
    one.to === other.to &&
    one.lines.length === other.lines.length &&
    one.lines.every((line, at) => line === other.lines[at])
  );
}

function mergeEdits(undone: readonly Edit[], theirs: readonly Edit[]): Edit[] {
  const own = undone.filter((edit) => !theirs.some((other) => isSameEdit(edit, other)));
  return [...own, ...theirs].sort((a, b) => a.from - b.from || a.to - b.to);
}

function applyEdits(base: readonly string[], edits: readonly Edit[]): string[] {
  const lines: string[] = [];
  let at = 0;
  for (const edit of edits) {
    lines.push(...base.slice(at, edit.from), ...edit.lines);
    at = Math.max(at, edit.to);
  }
  lines.push(...base.slice(at));
  return joinLastLines(lines);
}

/** A last line without an end that is not last any more gets one: no two lines may run together. */
function joinLastLines(lines: readonly string[]): string[] {
  return lines.map((line, at) =>
    at < lines.length - 1 && !line.endsWith('\n') ? `${line}\n` : line,
  );
}

/** `after` without some changes, by their numbers from 1: what to go back to when only those are to be undone. */
export function withoutHunks(before: string, after: string, hunks: readonly number[]): string {
  const { edits } = listChanges(before, after);
  const others = edits.filter((_, at) => !hunks.includes(at + 1));
  return applyEdits(splitLines(before), others).join('');
}
