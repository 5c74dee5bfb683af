/** Reads what a log of Claude Code (`~/.claude/projects/…/*.jsonl`) says that its tools wrote, with the texts. */
import { type Shape, shapeOf, textOf } from '../shape.ts';

export type LoggedEdit = {
  readonly session: string;
  readonly turn: string;
  readonly step: string;
  /** As the log has it: absolute. */
  readonly path: string;
  readonly before?: string;
  readonly after: string;
};

/** Undefined of what is no such log. Lines that cannot be read, such as a torn last one, are passed over. */
export function readClaudeLog(text: string): LoggedEdit[] | undefined {
  const edits: LoggedEdit[] = [];
  let isClaudes = false;
  for (const line of text.split('\n')) {
    const entry = parseLine(line);
    isClaudes ||= textOf(entry.sessionId) !== undefined && textOf(entry.uuid) !== undefined;
    const edit = readEdit(entry);
    if (edit !== undefined) edits.push(edit);
  }
  return isClaudes ? edits : undefined;
}

function parseLine(line: string): Shape {
  if (!line.startsWith('{')) return {};
  try {
    return shapeOf(JSON.parse(line));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return {};
  }
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
