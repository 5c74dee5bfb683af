/** What changed between two texts, short enough for a message. */
import { listChanges, splitLines } from '../snapshot/edit-lines.ts';

const lineLimit = 40;
const widthLimit = 200;

/** Without context: the reader is about to read the file anyway. Texts have one character a byte. */
export function showShortDiff(before: string, after: string): string {
  const base = splitLines(before);
  const lines: string[] = [];
  let shift = 0;
  for (const { from, to, lines: added } of listChanges(before, after).edits) {
    const head = `@@ -${place(from, to - from)} +${place(from + shift, added.length)} @@`;
    lines.push(head, ...base.slice(from, to).map(mark('-')), ...added.map(mark('+')));
    shift += added.length - (to - from);
    if (lineLimit < lines.length) break;
  }
  const shown = lines.slice(0, lineLimit);
  return [...shown, ...(shown.length < lines.length ? ['…'] : [])].join('\n');
}

function place(from: number, count: number): string {
  return `${count === 0 ? from : from + 1},${count}`;
}

function mark(sign: '-' | '+'): (line: string) => string {
  return (line) => {
    const plain = line.replace(/\r?\n$/, '');
    return `${sign}${plain.length <= widthLimit ? plain : `${plain.slice(0, widthLimit)}…`}`;
  };
}
