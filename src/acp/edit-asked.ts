/** What an agent asks permission for when it is about to edit files, and how one says no to it. */
import { isObject, type Shape, shapeOf, shapesOf, textOf, wordOf } from './shape.ts';

export type ShownEdit = {
  readonly path: string;
  /** What it takes away: a whole file or a part of one; nothing where the file is new, or all is written anew. */
  readonly before?: string;
  readonly after: string;
};

export type EditAsked = {
  readonly agentSession: string;
  readonly edits: readonly ShownEdit[];
  /** All files that it names. */
  readonly paths: readonly string[];
  /** The answers that let it go on. */
  readonly allows: readonly string[];
  /** The answer that says no to this once; nothing where none does. */
  readonly reject?: string;
};

const editing = new Set<unknown>(['edit', 'delete', 'move']);

/** Undefined when the line asks for something else than to edit files. */
export function readEditAsked(line: string): EditAsked | undefined {
  const { agentSession, call, options, allows } = readAsked(line);
  const content = shapesOf(call.content).filter((it) => it.type === 'diff');
  const paths = [call.locations, content, ...content.map((it) => it.changes)]
    .flatMap(shapesOf)
    .map((it) => wordOf(it.path))
    .filter((it) => it !== undefined);
  const isEdit = content.length > 0 || editing.has(call.kind);
  if (agentSession === undefined || !isEdit || paths.length === 0) return undefined;
  const reject = ['reject_once', 'reject_always']
    .map((kind) => options.find((it) => it.kind === kind))
    .map((it) => textOf(it?.optionId))
    .find((it) => it !== undefined);
  const edits = content.flatMap(readShown);
  const named = { agentSession, edits, paths: [...new Set(paths)], allows };
  return { ...named, ...(reject === undefined ? {} : { reject }) };
}

/** Tools that only look. */
const looking = new Set<unknown>(['read', 'search', 'fetch', 'think', 'switch_mode']);

/** What is asked for is to do something that need not tell what it writes, as a command does. */
export function readRunAsked(line: string): Pick<EditAsked, 'agentSession' | 'allows'> | undefined {
  const { agentSession, call, allows } = readAsked(line);
  return agentSession === undefined || looking.has(call.kind)
    ? undefined
    : { agentSession, allows };
}

function readAsked(line: string) {
  const message: unknown = JSON.parse(line);
  const params = isObject(message) ? shapeOf(message['params']) : {};
  const subject = shapeOf(params.subject);
  const options = shapesOf(params.options);
  return {
    agentSession: wordOf(params.sessionId),
    call: shapeOf(isObject(params.toolCall) ? params.toolCall : subject.toolCall),
    options,
    allows: options
      .filter((it) => textOf(it.kind)?.startsWith('allow') === true)
      .map((it) => textOf(it.optionId))
      .filter((it) => it !== undefined),
  };
}

/** Only diffs of two texts (v1): those of v2 are patches, which fit or do not. */
function readShown(content: Shape): ShownEdit[] {
  const path = wordOf(content.path);
  const after = textOf(content.newText);
  if (content.type !== 'diff' || path === undefined || after === undefined) return [];
  const kind = shapeOf(content._meta).kind;
  if (kind === 'delete') return [];
  const before = textOf(content.oldText);
  return [{ path, after, ...(before === undefined ? {} : { before }) }];
}

/** Which option an answer chose; undefined for anything but a choice. */
export function readChosen(line: string): string | undefined {
  const message: unknown = JSON.parse(line);
  const outcome = isObject(message) ? shapeOf(shapeOf(message['result']).outcome) : {};
  return textOf(outcome.optionId);
}
