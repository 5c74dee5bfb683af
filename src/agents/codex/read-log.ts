/** Reads what a rollout of Codex (`~/.codex/sessions/…/rollout-*.jsonl`) says that its patches made of files. */

import { isShape, type Shape, shapeOf, textOf } from '../../journal/json.ts';
import type { LoggedEdit } from '../logged-edit.ts';

type By = Pick<LoggedEdit, 'session' | 'turn' | 'step'>;

export function readCodexLog(entries: readonly Shape[]): LoggedEdit[] | undefined {
  if (!entries.some(({ type, payload }) => type === 'session_meta' && isShape(payload)))
    return undefined;
  return entries.flatMap(({ payload }) => readChanges(shapeOf(payload)));
}

/** Only what it says was done: a patch that failed has no such line, or another status. */
function readChanges(payload: Shape): LoggedEdit[] {
  const item = shapeOf(payload.item);
  const [session, turn] = [textOf(payload.thread_id), textOf(payload.turn_id)];
  const step = textOf(item.id);
  const isDone = payload.type === 'item_completed' && item.status === 'completed';
  if (!isDone || item.type !== 'FileChange') return [];
  if (session === undefined || turn === undefined || step === undefined) return [];
  return Object.entries(shapeOf(item.changes)).flatMap(([path, change]) =>
    readChange({ session, turn, step }, path, shapeOf(change)),
  );
}

function readChange(by: By, path: string, change: Shape): LoggedEdit[] {
  const content = textOf(change.content);
  if (change.type === 'add' && content !== undefined) return [{ ...by, path, after: content }];
  const patch = textOf(change.unified_diff);
  if (change.type !== 'update' || patch === undefined) return [];
  const target = textOf(change.move_path) ?? path;
  return patch
    .split(/^@@.*\n/m)
    .slice(1)
    .map((hunk) => ({
      ...by,
      path: target,
      before: sideOf(hunk, '-'),
      after: sideOf(hunk, '+'),
      isPart: true,
    }));
}

/** With the lines around it, so that it is found again where it was made. */
function sideOf(hunk: string, sign: '-' | '+'): string {
  const text: string[] = [];
  let isOurs = false;
  for (const line of hunk.split(/(?<=\n)/)) {
    // "\ No newline at end of file" is about the line before it.
    if (line.startsWith('\\') && isOurs) text.push(text.pop()?.replace(/\n$/, '') ?? '');
    isOurs = line.startsWith(' ') || line.startsWith(sign);
    if (isOurs) text.push(line.slice(1));
  }
  return text.join('');
}
