/** Reads what came to one of git's logs since last time, whatever was done to the file meanwhile. */
import { readFileSync, statSync } from 'node:fs';
import { parseReflogLine, type ReflogLine } from '../drift/reflog-line.ts';
import { withoutMissing } from './without-missing.ts';

/** Where reading ended: so many bytes, the last of which are this line, one character each. */
export type LogCursor = { readonly offset: number; readonly anchor: string };

export type LogReading = { readonly lines: readonly ReflogLine[]; readonly cursor: LogCursor };

const nothing: LogCursor = { offset: 0, anchor: '' };

/** From the beginning without a cursor. Where the log was cut short, only what can be proved new is. */
export function readReflog(path: string, cursor: LogCursor = nothing): LogReading {
  const size = withoutMissing(() => statSync(path).size);
  if (size === undefined) return { lines: [], cursor: nothing };
  if (size === cursor.offset && 0 < size) return { lines: [], cursor };
  const text = withoutMissing(() => readFileSync(path, 'latin1')) ?? '';
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  const begin = findAnchor(whole, cursor);
  const fresh = whole.slice(begin).split('\n').slice(0, -1);
  const lines = fresh.map((it) => parseReflogLine(Buffer.from(it, 'latin1').toString('utf8')));
  const anchor = whole.slice(whole.lastIndexOf('\n', whole.length - 2) + 1, -1);
  return {
    lines: lines.filter((it) => it !== undefined),
    cursor: { offset: whole.length, anchor },
  };
}

/** Old lines are taken out from time to time, so the place is known by what stands before it. */
function findAnchor(whole: string, { offset, anchor }: LogCursor): number {
  if (anchor === '') return 0;
  const marked = `${anchor}\n`;
  if (whole.slice(0, offset).endsWith(`\n${marked}`) || whole.slice(0, offset) === marked)
    return offset;
  const at = `\n${whole}`.lastIndexOf(`\n${marked}`);
  return at === -1 ? whole.length : at + marked.length;
}
