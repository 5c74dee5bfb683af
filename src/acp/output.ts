/** What a tool call printed: gathered from the forms of several agents, told once at the end. */
import type { Output } from '../contract/types.gen.ts';
import { excerptOutput, measureOutput, showsText } from './excerpt.ts';
import { integerOf, isObject, type Shape, shapeOf, shapesOf, textOf } from './shape.ts';
import type { Gifts } from './talk.ts';

export type Gathered = {
  /** Pieces of a stream (`_meta.terminal_output_delta`, `_meta.terminal_output`, chunks of content). */
  readonly stream: string[];
  streamLength: number;
  /** Bytes that came after the limit, and are only counted. */
  unheldBytes: number;
  /** The texts of `content`, `rawOutput` and Claude's tool response; the last of each counts. */
  content: string | undefined;
  raw: string | undefined;
  response: string | undefined;
  exitCode: number | undefined;
  /** Something came since the output was last told. */
  fresh: boolean;
};

/** Of a stream, this much is held until its end; of more, only the size is known. */
const holdLength = 1_048_576;

export function gatherNothing(): Gathered {
  return {
    stream: [],
    streamLength: 0,
    unheldBytes: 0,
    content: undefined,
    raw: undefined,
    response: undefined,
    exitCode: undefined,
    fresh: false,
  };
}

/** Lets the texts go, and what was read from them stays. */
export function forgetOutput(gathered: Gathered): void {
  gathered.stream.length = 0;
  gathered.streamLength = 0;
  gathered.unheldBytes = 0;
  gathered.content = undefined;
  gathered.raw = undefined;
  gathered.response = undefined;
  gathered.fresh = false;
}

/** Takes what an update brings. Before a tool runs, its content is its description, not its output. */
export function gatherOutput(
  gifts: Gifts,
  gathered: Gathered,
  update: Shape,
  running: boolean,
): void {
  const meta = shapeOf(update._meta);
  for (const piece of [meta.terminal_output_delta, meta.terminal_output])
    appendStream(gifts, gathered, textOf(shapeOf(piece).data));
  if (running && Array.isArray(update.content))
    keep(gathered, 'content', contentText(update.content));
  if (update.content === null) gathered.content = undefined;
  keep(gathered, 'raw', rawText(update.rawOutput));
  keep(gathered, 'response', responseText(shapeOf(shapeOf(meta.claudeCode).toolResponse)));
  const exitCode = exitCodeOf(update, meta);
  if (exitCode !== undefined) gathered.exitCode = exitCode;
}

export function appendStream(gifts: Gifts, gathered: Gathered, text: string | undefined): void {
  if (text === undefined || text === '') return;
  gathered.fresh = true;
  if (gathered.streamLength + text.length > holdLength) {
    gathered.unheldBytes += gifts.sizeOf(text);
    return;
  }
  gathered.streamLength += text.length;
  gathered.stream.push(text);
}

/** All that was gathered, as an event may tell it. */
export function readOutput(
  gifts: Gifts,
  gathered: Gathered,
  toolKind: string | undefined,
): Output | undefined {
  gathered.fresh = false;
  const text = wholeText(gathered);
  if (text === undefined) return undefined;
  const output = showsText(toolKind) ? excerptOutput(gifts, text) : measureOutput(gifts, text);
  if (gathered.unheldBytes === 0) return output;
  return { ...output, bytes: output.bytes + gathered.unheldBytes, hashedBytes: output.bytes };
}

/** The end of what it printed so far, and how much comes before. */
export function readTail(
  gathered: Gathered,
  limit: number,
): { readonly text: string; readonly from: number } | undefined {
  const { stream, streamLength } = gathered;
  if (stream.length === 0) {
    const text = wholeText(gathered) ?? '';
    const from = Math.max(0, text.length - limit);
    return text === '' ? undefined : { text: text.slice(from), from };
  }
  let first = stream.length;
  let length = 0;
  while (0 < first && length < limit) {
    first -= 1;
    length += stream[first]?.length ?? 0;
  }
  return { text: stream.slice(first).join(''), from: streamLength - length };
}

/** The first that says something: a stream is closest to what was printed, content is made for people. */
function wholeText(gathered: Gathered): string | undefined {
  const stream = gathered.stream.length > 0 ? gathered.stream.join('') : undefined;
  const forms = [stream, gathered.response, gathered.raw, gathered.content];
  return forms.find((it) => it !== undefined && it !== '') ?? forms.find((it) => it !== undefined);
}

function keep(
  gathered: Gathered,
  form: 'content' | 'raw' | 'response',
  text: string | undefined,
): void {
  if (text === undefined) return;
  gathered[form] = text;
  gathered.fresh = true;
}

/** The texts of content blocks, without the fences that agents put around them for display. */
function contentText(content: unknown): string | undefined {
  const texts = shapesOf(content).flatMap((it) => textOf(shapeOf(it.content).text) ?? []);
  return texts.length === 0 ? undefined : withoutFence(texts.join('\n'));
}

function withoutFence(text: string): string {
  const fenced = /^```[\w+-]*\n([\s\S]*?)\n?```\s*$/.exec(text);
  return fenced?.[1] ?? text;
}

function rawText(raw: unknown): string | undefined {
  if (typeof raw === 'string') return raw;
  if (!isObject(raw)) return undefined;
  return (
    textOf(raw.aggregated_output) ?? textOf(raw.output) ?? textOf(raw.stdout) ?? textOf(raw.error)
  );
}

function responseText(response: Shape): string | undefined {
  const stdout = textOf(response.stdout);
  const stderr = textOf(response.stderr);
  if (stdout === undefined && stderr === undefined) return undefined;
  return [stdout, stderr].filter((it) => it !== undefined && it !== '').join('\n');
}

function exitCodeOf(update: Shape, meta: Shape): number | undefined {
  const raw = shapeOf(update.rawOutput);
  return (
    integerOf(shapeOf(meta.terminal_exit).exit_code) ??
    integerOf(raw.exit_code) ??
    integerOf(raw.exitCode) ??
    integerOf(shapeOf(raw.metadata).exit)
  );
}

/** One line of what went wrong, for a step that failed. */
export function problemText(gathered: Gathered): string | undefined {
  const text = withoutFence(
    gathered.raw || gathered.content || gathered.response || gathered.stream.join(''),
  );
  const line = text.split('\n', 50).find((it) => it.trim() !== '' && !it.startsWith('```'));
  return line?.trim().slice(0, 300);
}
