/** Writes comparisons as `git diff --stat` does: a line and a bar a file, and what it comes to. */
import type { FileChange } from '../contract/types.gen.ts';
import { quotePath } from './quote-path.ts';
import { writeRights } from './write-patch.ts';

export type StatOptions = {
  /** How wide a line may be. */
  readonly columns: number;
  /** How a name is spelled; as git does unless told. */
  readonly spell?: (path: string) => string;
  /** How wide a text is; a column a character unless told. */
  readonly measure?: (text: string) => number;
};

export type StatLine = {
  /** Filled up to the width that all names have. */
  readonly name: string;
  /** Lines changed, or what else there is to say. */
  readonly count: string;
  readonly plus: string;
  readonly minus: string;
};

export function writeStat(files: readonly FileChange[], options: StatOptions): string {
  const lines = layStat(files, options).map(({ name, count, plus, minus }) =>
    ` ${name} | ${count} ${plus}${minus}`.trimEnd(),
  );
  return [...lines, writeSummary(files), ''].join('\n');
}

/** For those who paint it. */
export function layStat(files: readonly FileChange[], options: StatOptions): StatLine[] {
  const { columns, spell = quotePath, measure = (text) => [...text].length } = options;
  const rows = files.map((file) => ({ file, name: nameChange(file, spell), note: noteOf(file) }));
  const widths = judgeWidths(
    {
      names: Math.max(0, ...rows.map((it) => measure(it.name))),
      notes: Math.max(0, ...rows.map((it) => it.note?.length ?? 0)),
      lines: Math.max(0, ...rows.map((it) => (it.note === undefined ? sum(it.file) : 0))),
    },
    columns,
  );
  return rows.map(({ file, name, note }) => {
    const fitted = fitName(name, widths.name, measure);
    if (note !== undefined) return { name: fitted, count: note, plus: '', minus: '' };
    const [plus, minus] = scaleBar(file, widths);
    return {
      name: fitted,
      count: String(sum(file)).padStart(widths.count),
      plus: '+'.repeat(plus),
      minus: '-'.repeat(minus),
    };
  });
}

const sum = ({ added, removed }: FileChange) => added + removed;

/** What stands in place of a count and its bar. */
function noteOf(file: FileChange): string | undefined {
  const { kind, before, after } = file;
  if (kind === 'mode' && before?.rights !== undefined) return writeRights(file)[0];
  const isSame = before?.oid === after?.oid;
  if (kind === 'binary')
    return isSame ? 'Bin' : `Bin ${before?.bytes ?? 0} -> ${after?.bytes ?? 0} bytes`;
  if (kind === 'too-large') return 'too large';
  return kind === 'missing' && !isSame ? 'not captured' : undefined;
}

/** `a/{b => c}/d`: what both names have in common stands once. */
function nameChange({ path, oldPath }: FileChange, spell: (path: string) => string): string {
  if (oldPath === undefined) return spell(path);
  const [old, now] = [spell(oldPath), spell(path)];
  if (old.startsWith('"') || now.startsWith('"')) return `${old} => ${now}`;
  const start = countStart(old, now);
  const end = countEnd(old, now, start);
  if (start + end === 0) return `${old} => ${now}`;
  const middle = (name: string) => name.slice(start, Math.max(start, name.length - end));
  const tail = end === 0 ? '' : now.slice(now.length - end);
  return `${now.slice(0, start)}{${middle(old)} => ${middle(now)}}${tail}`;
}

/** Up to and with the last slash that both have in front. */
function countStart(old: string, now: string): number {
  let at = 0;
  let start = 0;
  for (; at < old.length && at < now.length && old[at] === now[at]; at += 1) {
    if (old[at] === '/') start = at + 1;
  }
  return start;
}

/** From the first slash on that both have behind; it may be the one that ended the beginning. */
function countEnd(old: string, now: string, start: number): number {
  const least = start === 0 ? 0 : start - 1;
  let end = 0;
  for (let count = 1; count <= Math.min(old.length, now.length) - least; count += 1) {
    const sign = old[old.length - count];
    if (sign !== now[now.length - count]) break;
    if (sign === '/') end = count;
  }
  return end;
}

type Widths = {
  readonly name: number;
  readonly count: number;
  readonly bar: number;
  readonly lines: number;
};

/** Names get five eighths and bars three where both want more than there is; as git shares it. */
function judgeWidths(
  wanted: { readonly names: number; readonly notes: number; readonly lines: number },
  columns: number,
): Widths {
  const count = Math.max(String(wanted.lines).length, 0 < wanted.notes ? 3 : 0);
  const width = Math.max(columns, 16 + 6 + count);
  let bar = wanted.notes < wanted.lines + 4 ? wanted.lines : wanted.notes - 4;
  let name = wanted.names;
  if (width < name + count + 6 + bar) {
    bar = Math.min(bar, Math.max(6, Math.floor((width * 3) / 8) - count - 6));
    if (width - count - 6 - bar < name) name = width - count - 6 - bar;
    else bar = width - count - 6 - name;
  }
  return { name, count, bar, lines: wanted.lines };
}

/** The end of a name says more than its beginning. */
function fitName(name: string, width: number, measure: (text: string) => number): string {
  if (measure(name) <= width) return name + ' '.repeat(width - measure(name));
  const room = Math.max(0, width - 3);
  let signs = [...name];
  while (room < measure(signs.join(''))) signs = signs.slice(1);
  const slash = signs.indexOf('/');
  const kept = (slash < 0 ? signs : signs.slice(slash)).join('');
  return `...${kept}${' '.repeat(Math.max(0, room - measure(kept)))}`;
}

function scaleBar({ added, removed }: FileChange, { bar, lines }: Widths): [number, number] {
  if (lines < bar) return [added, removed];
  const scale = (count: number) =>
    count === 0 ? 0 : 1 + Math.floor((count * (bar - 1)) / Math.max(1, lines));
  const both = 0 < added && 0 < removed;
  const total = both ? Math.max(2, scale(added + removed)) : scale(added + removed);
  if (added < removed) return [scale(added), total - scale(added)];
  return [total - scale(removed), scale(removed)];
}

export function writeSummary(files: readonly FileChange[]): string {
  const [added, removed] = [
    files.reduce((all, it) => all + it.added, 0),
    files.reduce((all, it) => all + it.removed, 0),
  ];
  const say = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`;
  const parts = [
    `${say(files.length, 'file')} changed`,
    ...(0 < added || removed === 0 ? [`${say(added, 'insertion')}(+)`] : []),
    ...(0 < removed || added === 0 ? [`${say(removed, 'deletion')}(-)`] : []),
  ];
  return ` ${files.length === 0 ? parts[0] : parts.join(', ')}`;
}
