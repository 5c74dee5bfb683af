/** Rewinds a conversation: what follows a message goes, and with it what only told of what is gone. */
import { Failure } from '../errors.ts';
import { isShape, type Shape } from '../journal/json.ts';

export type RewindOptions = {
  /** The message at the index goes too. */
  readonly includeTarget?: boolean | undefined;
  /** Summaries and truncation markers stay. */
  readonly skipCleanup?: boolean | undefined;
};

export type Rewound<M> = {
  readonly messages: M[];
  /** Messages behind the index, and the one there when it was included. */
  readonly removedCount: number;
  /** Summaries among those that were left. */
  readonly removedSummaries: number;
  /** Lines with a truncation marker in those that were left. */
  readonly removedTruncationMarkers: number;
};

const summaryOpening = '[Conversation Summary]';
const truncationMarkers = ['[Content truncated', '[truncated]'];

/** Where messages and their parts keep text that somebody reads. */
const textKeys = new Set(['content', 'parts', 'text', 'toolInvocation', 'toolInvocations']);
/** Where they keep what a tool answered: all text in it counts, however deep. */
const resultKeys = new Set([
  'result',
  'results',
  'output',
  'toolResult',
  'toolResults',
  'tool_result',
  'tool_results',
]);
const resultWords = /^(?:tool|function)$|result|call_output/;

/** Never changes what it is given; a message in which nothing had to change is passed on as it is. */
export function rewindMessages<M>(
  messages: readonly M[],
  index: number,
  { includeTarget = false, skipCleanup = false }: RewindOptions = {},
): Rewound<M> {
  checkRequest(messages, index);
  const kept = messages.slice(0, includeTarget ? index : index + 1);
  const removedCount = messages.length - kept.length;
  if (skipCleanup)
    return { messages: kept, removedCount, removedSummaries: 0, removedTruncationMarkers: 0 };
  return { removedCount, ...cleanUp(kept) };
}

function cleanUp<M>(kept: readonly M[]): Omit<Rewound<M>, 'removedCount'> {
  const messages: M[] = [];
  let removedTruncationMarkers = 0;
  for (const message of kept) {
    const tally = { lines: 0 };
    const cleaned = cleanMessage(message, tally) as M;
    // A summary may also come to light when the line above it goes.
    if (isSummary(message) || isSummary(cleaned)) continue;
    messages.push(cleaned);
    removedTruncationMarkers += tally.lines;
  }
  const removedSummaries = kept.length - messages.length;
  return { messages, removedSummaries, removedTruncationMarkers };
}

function checkRequest(messages: unknown, index: unknown): asserts messages is unknown[] {
  if (!Array.isArray(messages))
    throw new Failure('invalid-params', 'messages is no list', {
      data: { field: 'messages' },
      hint: 'give the messages of the conversation, the oldest first',
    });
  if (Number.isInteger(index) && 0 <= (index as number) && (index as number) < messages.length)
    return;
  const range = messages.length === 0 ? 'there are none' : `0 to ${messages.length - 1}`;
  throw new Failure('invalid-params', `there is no message ${String(index)} (${range})`, {
    data: { field: 'index', index, count: messages.length },
    hint: 'give the place of a message in the list, counted from 0',
  });
}

function isSummary(message: unknown): boolean {
  if (!isShape(message) || message['role'] !== 'system') return false;
  return readOpening(message['content'] ?? message['parts']).startsWith(summaryOpening);
}

/** The first text of a content, whether it is a text or made of parts. */
function readOpening(content: unknown): string {
  if (typeof content === 'string') return content;
  const [first] = Array.isArray(content) ? content : [content];
  if (typeof first === 'string') return first;
  return isShape(first) && typeof first['text'] === 'string' ? first['text'] : '';
}

type Tally = { lines: number };

/** Only text: what an agent called a tool with is left as it was, or the call would be another one. */
function cleanMessage(value: unknown, tally: Tally): unknown {
  if (typeof value === 'string') return cleanText(value, tally);
  if (Array.isArray(value)) return mapList(value, (item) => cleanMessage(item, tally));
  if (!isShape(value)) return value;
  const isResult = [value['role'], value['type']].some(
    (word) => typeof word === 'string' && resultWords.test(word),
  );
  return mapFields(value, (name, field) => {
    if (resultKeys.has(name) || (isResult && textKeys.has(name))) return cleanDeep(field, tally);
    return textKeys.has(name) ? cleanMessage(field, tally) : field;
  });
}

function cleanDeep(value: unknown, tally: Tally): unknown {
  if (typeof value === 'string') return cleanText(value, tally);
  if (Array.isArray(value)) return mapList(value, (item) => cleanDeep(item, tally));
  return isShape(value) ? mapFields(value, (_, field) => cleanDeep(field, tally)) : value;
}

function cleanText(text: string, tally: Tally): string {
  if (!isMarked(text)) return text;
  const lines = text.split('\n');
  const kept = lines.filter((line) => !isMarked(line));
  tally.lines += lines.length - kept.length;
  return kept.join('\n');
}

function isMarked(text: string): boolean {
  return truncationMarkers.some((marker) => text.includes(marker));
}

/** The list itself where nothing in it changed. */
function mapList(list: readonly unknown[], map: (item: unknown) => unknown): readonly unknown[] {
  const mapped = list.map(map);
  return mapped.every((item, at) => item === list[at]) ? list : mapped;
}

/** Only plain fields: what has another nature (a date, bytes) is passed on whole. */
function mapFields(fields: Shape, map: (name: string, field: unknown) => unknown): Shape {
  const nature = Object.getPrototypeOf(fields);
  if (nature !== Object.prototype && nature !== null) return fields;
  const entries = Object.entries(fields);
  const mapped = entries.map(([name, field]) => [name, map(name, field)] as const);
  const isSame = mapped.every(([, field], at) => field === entries[at]?.[1]);
  return isSame ? fields : Object.fromEntries(mapped);
}
