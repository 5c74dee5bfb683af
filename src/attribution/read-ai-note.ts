/** Reads a note of git-ai (authorship 3.0.0, `refs/notes/ai`): which lines of a commit it says which session wrote. */
import { readJson } from '../journal/json.ts';

export type NotedRange = {
  readonly session: string;
  readonly turn: string;
  readonly first: number;
  readonly last: number;
};

/** By path. */
export type AiNote = ReadonlyMap<string, readonly NotedRange[]>;

const claimLine = /^ {2}(s_[0-9a-f]{14})(?:::(t_[0-9a-f]{14}))? ([\d,-]+)$/;

/** Undefined of one that is broken: half a note is no witness. */
export function readAiNote(text: string): AiNote | undefined {
  const end = text.search(/^---$/m);
  if (end < 0 || typeof readJson(text.slice(end + 3)) !== 'object') return undefined;
  const note = new Map<string, NotedRange[]>();
  let ranges: NotedRange[] | undefined;
  for (const line of text
    .slice(0, end)
    .split('\n')
    .filter((it) => it !== '')) {
    if (!line.startsWith(' ')) {
      const path = line.replace(/^"(.*)"$/, '$1');
      ranges = note.get(path) ?? [];
      note.set(path, ranges);
      continue;
    }
    const found = readClaim(line);
    if (ranges === undefined || found.length === 0) return undefined;
    ranges.push(...found);
  }
  return note;
}

/** Nothing of a line that is no claim. */
function readClaim(line: string): NotedRange[] {
  const [, session, turn, spans] = claimLine.exec(line) ?? [];
  if (session === undefined || spans === undefined) return [];
  return readSpans(spans).map((it) => ({ session, turn: turn ?? session, ...it }));
}

/** `1-4,7`; nothing where any of it is no range. */
function readSpans(text: string): { first: number; last: number }[] {
  const spans = text.split(',').map((it) => {
    const [, first, last = first] = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(it) ?? [];
    return { first: Number(first), last: Number(last) };
  });
  return spans.every(({ first, last }) => first > 0 && first <= last) ? spans : [];
}
