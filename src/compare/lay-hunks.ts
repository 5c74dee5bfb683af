/** Lays changes out as hunks: with the lines around them, as a patch has them. */
import type { Hunk } from '../contract/types.gen.ts';
import type { Edit } from '../snapshot/edit-lines.ts';
import { showPath } from '../snapshot/raw-path.ts';

export const noNewline = '\\ No newline at end of file';

type Numbered = Edit & { readonly number: number };

/** `base`: the lines before, one character a byte, each with its end. */
export function layHunks(base: readonly string[], edits: readonly Edit[], context: number): Hunk[] {
  let shift = 0;
  return groupEdits(edits, context).map((group) => {
    const hunk = layHunk(base, group, { context, shift });
    shift += hunk.newLines - hunk.oldLines;
    return hunk;
  });
}

/** Changes whose surroundings touch stand in one hunk. */
function groupEdits(edits: readonly Edit[], context: number): Numbered[][] {
  const groups: Numbered[][] = [];
  for (const [at, edit] of edits.entries()) {
    const numbered = { ...edit, number: at + 1 };
    const group = groups.at(-1);
    const last = group?.at(-1);
    if (group && last && edit.from - last.to <= 2 * context) group.push(numbered);
    else groups.push([numbered]);
  }
  return groups;
}

function layHunk(
  base: readonly string[],
  group: readonly Numbered[],
  { context, shift }: { readonly context: number; readonly shift: number },
): Hunk {
  const from = Math.max(0, (group[0]?.from ?? 0) - context);
  const to = Math.min(base.length, (group.at(-1)?.to ?? 0) + context);
  const lines: string[] = [];
  let at = from;
  for (const edit of group) {
    push(lines, ' ', base.slice(at, edit.from));
    push(lines, '-', base.slice(edit.from, edit.to));
    push(lines, '+', edit.lines);
    at = edit.to;
  }
  push(lines, ' ', base.slice(at, to));
  const grown = group.reduce((sum, edit) => sum + edit.lines.length - (edit.to - edit.from), 0);
  const [oldLines, newLines] = [to - from, to - from + grown];
  return {
    oldStart: startOf(from, oldLines),
    oldLines,
    newStart: startOf(from + shift, newLines),
    newLines,
    lines,
    changes: group.map((edit) => edit.number),
  };
}

/** Of no lines at all, a patch names the one that they follow. */
function startOf(from: number, lines: number): number {
  return lines === 0 ? from : from + 1;
}

function push(lines: string[], sign: ' ' | '-' | '+', texts: readonly string[]): void {
  for (const text of texts) {
    const isEnded = text.endsWith('\n');
    lines.push(sign + showPath(isEnded ? text.slice(0, -1) : text));
    if (!isEnded) lines.push(noNewline);
  }
}
