/** Reads what a log of Qwen Code (`~/.qwen/projects/…/chats/*.jsonl`) says that its tools wrote, with the texts. */

import { isShape, type Shape, shapeOf, textOf } from '../../journal/json.ts';
import type { LoggedEdit } from '../logged-edit.ts';

export function readQwenLog(entries: readonly Shape[]): LoggedEdit[] | undefined {
  if (!entries.some((it) => isShape(it.toolCallResult))) return undefined;
  const edits: LoggedEdit[] = [];
  let turn: string | undefined;
  for (const entry of entries) {
    if (entry.type === 'user') turn = textOf(entry.uuid) ?? turn;
    const edit = readEdit(entry, turn);
    if (edit !== undefined) edits.push(edit);
  }
  return edits;
}

function readEdit(entry: Shape, turn: string | undefined): LoggedEdit | undefined {
  const call = shapeOf(entry.toolCallResult);
  const shown = shapeOf(call.resultDisplay);
  const [session, step] = [textOf(entry.sessionId), textOf(call.callId)];
  const [path, after] = [textOf(shown.filePath), textOf(shown.newContent)];
  if (call.status !== 'success' || isTouched(shapeOf(shown.diffStat))) return undefined;
  if (session === undefined || step === undefined) return undefined;
  if (path === undefined || after === undefined) return undefined;
  const before = textOf(shown.originalContent);
  const named = { session, turn: turn ?? session, step, path, after };
  return { ...named, ...(before === undefined ? {} : { before }) };
}

/** What the user changed before accepting is not told apart from what the agent wrote. */
function isTouched({ user_added_lines: added, user_removed_lines: removed }: Shape): boolean {
  return [added, removed].some((it) => typeof it === 'number' && it > 0);
}
