/** The lines of a text of which one part was replaced: all others are the very same strings. */

type Lines = { readonly lines: readonly string[]; readonly endsInBreak: boolean };
type Splice = { readonly at: number; readonly before: string; readonly after: string };

/** The same lines as `cutLines` gives of the whole. */
export function spliceLines(
  { lines, endsInBreak }: Lines,
  { at, before, after }: Splice,
): readonly string[] {
  const first = findLine(lines, { line: 0, start: 0 }, at);
  const last = findLine(lines, first, at + before.length);
  const head = (lines[first.line] ?? '').slice(0, at - first.start);
  const tail = (lines[last.line] ?? '').slice(at + before.length - last.start);
  const middle = (head + after + tail).split('\n');
  // Behind the last line break there is one more, which is none unless something stands there.
  const end = endsInBreak || lines.length === 0 ? lines.length : lines.length - 1;
  if (last.line === end && middle.at(-1) === '') middle.pop();
  return lines.slice(0, first.line).concat(middle, lines.slice(last.line + 1));
}

type Found = { readonly line: number; readonly start: number };

/** The line in which the character at `at` stands, or the break that ends it. */
function findLine(lines: readonly string[], from: Found, at: number): Found {
  let { line, start } = from;
  for (;;) {
    const next = start + (lines[line] ?? '').length + 1;
    if (at < next) return { line, start };
    start = next;
    line += 1;
  }
}
