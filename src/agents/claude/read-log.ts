/** Reads what a log of Claude Code (`~/.claude/projects/…/*.jsonl`) says that its tools wrote, with the texts. */

import { type Shape, shapeOf, textOf } from '../../journal/json.ts';
import type { LoggedEdit } from '../logged-edit.ts';

export function readClaudeLog(entries: readonly Shape[]): LoggedEdit[] | undefined {
  if (!entries.some((it) => textOf(it.sessionId) !== undefined && textOf(it.uuid) !== undefined))
    return undefined;
  return entries.map(readEdit).filter((it) => it !== undefined);
}

function readEdit(entry: Shape): LoggedEdit | undefined {
  const result = shapeOf(entry.toolUseResult);
  const [session, path] = [textOf(entry.sessionId), textOf(result.filePath)];
  const after = textAfter(result);
  // What the user changed before accepting is not told.
  if (session === undefined || path === undefined || after === undefined) return undefined;
  const before = textOf(result.originalFile);
  const step = stepOf(entry) ?? textOf(entry.uuid) ?? session;
  const turn = textOf(entry.promptId) ?? session;
  return { session, turn, step, path, after, ...(before === undefined ? {} : { before }) };
}

function stepOf(entry: Shape): string | undefined {
  const { content } = shapeOf(entry.message);
  const first: unknown = Array.isArray(content) ? content[0] : undefined;
  return textOf(shapeOf(first).tool_use_id);
}

function textAfter(result: Shape): string | undefined {
  if (result.userModified === true) return undefined;
  const content = textOf(result.content);
  if (content !== undefined) return content;
  const [before, old, made] = [
    textOf(result.originalFile),
    textOf(result.oldString),
    textOf(result.newString),
  ];
  if (before === undefined || old === undefined || made === undefined || old === '')
    return undefined;
  const pieces = before.split(old);
  if (pieces.length < 2) return undefined;
  if (result.replaceAll === true) return pieces.join(made);
  return pieces[0] + made + pieces.slice(1).join(old);
}
