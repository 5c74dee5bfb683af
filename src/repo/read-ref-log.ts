/** Reads on in the log of a ref, however the repository keeps it. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { ReflogLine } from '../drift/reflog-line.ts';
import { type LogCursor, type LogReading, readReflog } from './read-reflog.ts';
import { readTableStack, type TableStack } from './read-table-stack.ts';
import { withoutMissing } from './without-missing.ts';

/** Tells a place in a table, which is the number of a change, from one in a file. */
const tableAnchor = 'reftable';

/** `folder`: the one that has the ref, the worktree's own for HEAD. */
export function readRefLog(folder: string, ref: string, cursor?: LogCursor): LogReading {
  const stack = readTableStack(folder);
  if (stack !== undefined) return readTableLog(stack, ref, cursor);
  return readReflog(join(folder, 'logs', ref), cursor);
}

/** As far as that can be told without reading it. */
export function isLogStill(folder: string, ref: string, cursor: LogCursor): boolean {
  const stack = readTableStack(folder);
  if (stack !== undefined) return readTableLog(stack, ref).cursor.offset === cursor.offset;
  const size = withoutMissing(() => statSync(join(folder, 'logs', ref)).size) ?? 0;
  return size === cursor.offset;
}

export function readTableLog(stack: TableStack, ref: string, cursor?: LogCursor): LogReading {
  const all = stack.log(ref);
  const offset = all.at(-1)?.index ?? 0;
  const isKnown = cursor !== undefined && cursor.anchor !== '';
  // Until now it was kept in another way: what of it is new nobody can tell.
  if (isKnown && cursor.anchor !== tableAnchor)
    return { lines: [], cursor: { offset, anchor: tableAnchor } };
  const fresh = all.filter((it) => (cursor?.offset ?? 0) < it.index);
  const lines = fresh.map(({ from, to, message }): ReflogLine => ({ from, to, message }));
  // Lines are taken out in time; how far reading came stays.
  return { lines, cursor: { offset: Math.max(offset, cursor?.offset ?? 0), anchor: tableAnchor } };
}
