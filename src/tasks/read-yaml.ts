/** Reads YAML as a tree that knows where everything stands; within bounds, because the file may be hostile. */
import {
  Composer,
  CST,
  type Document,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  type ParsedNode,
  Parser,
} from 'yaml';
import type { Flaw } from './task.ts';

export const limitChars = 1024 * 1024;
const piecesLimit = 400_000;
/** Deeper than anything that a person writes, and far from where the composer runs out of stack. */
const depthLimit = 40;
/** Nobody reads more of them. */
const flawLimit = 20;

export type Place = { readonly line: number; readonly column: number };

export type YamlRead = {
  /** Null of an empty file, and where there are flaws. */
  readonly root: ParsedNode | null;
  readonly flaws: readonly Flaw[];
  placeOf(offset: number): Place;
};

export function readYaml(text: string): YamlRead {
  const placeOf = openPlaces(text);
  const flaws: Flaw[] = [];
  const complain = (offset: number, message: string, hint?: string) =>
    flaws.push({ ...placeOf(offset), message, ...(hint === undefined ? {} : { hint }) });
  const refused = () => ({ root: null, flaws: flaws.slice(0, flawLimit), placeOf });
  if (limitChars < text.length) {
    const size = `the file has ${text.length} characters`;
    complain(0, size, `at most ${limitChars} are read; move what is done elsewhere`);
    return refused();
  }
  const tokens = cutTokens(text, complain);
  if (0 < flaws.length) return refused();
  const documents = composeTokens(tokens, text);
  for (const { errors, warnings } of documents)
    for (const { pos, message, code } of [...errors, ...warnings])
      complain(
        pos[0],
        lower(message),
        remedies[code] ?? 'mend it by hand; until then nothing is written',
      );
  const second = documents[1];
  if (second !== undefined)
    complain(second.range[0], 'a second document begins here', 'keep all tasks in one');
  const root = documents[0]?.contents ?? null;
  if (flaws.length === 0) checkKeys(root, complain);
  return flaws.length === 0 ? { root, flaws, placeOf } : refused();
}

function openPlaces(text: string): (offset: number) => Place {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    let [line, after] = [0, starts.length];
    while (line + 1 < after) {
      const middle = (line + after) >> 1;
      if ((starts[middle] ?? 0) <= offset) line = middle;
      else after = middle;
    }
    return { line: line + 1, column: offset - (starts[line] ?? 0) + 1 };
  };
}

const remedies: Partial<Record<string, string>> = {
  BAD_INDENT: 'line it up with what it belongs to',
  BLOCK_AS_IMPLICIT_KEY: 'put a text with a colon in quotes',
  MISSING_CHAR: 'line it up with what it belongs to, and close what was opened',
  TAB_AS_INDENT: 'indent with spaces',
  UNEXPECTED_TOKEN: 'line it up with what it belongs to',
};

type Complain = (offset: number, message: string, hint?: string) => void;

/** What no list of tasks needs, and what can be used to blow it up or to make it lie. */
const refusals: Partial<Record<string, readonly [message: string, hint: string]>> = {
  alias: ['aliases are not read', 'write out what it stands for'],
  tag: ['tags are not read', 'leave it out; text that looks like something else goes in quotes'],
  'directive-line': ['directives are not read', 'leave it out'],
};

function cutTokens(text: string, complain: Complain): CST.Token[] {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  let pieces = 0;
  let before: string | null = null;
  for (const piece of new Lexer().lex(text)) {
    const { offset } = parser;
    // What follows the mark of a scalar is its text, whatever it looks like.
    const type: string | null = before === 'scalar' ? null : CST.tokenType(piece);
    before = type;
    const [message, hint] = refusals[type ?? ''] ?? [];
    if (message !== undefined) complain(offset, message, hint);
    for (const token of parser.next(piece)) tokens.push(token);
    pieces += 1;
    if (depthLimit < parser.stack.length)
      complain(offset, `nested more than ${depthLimit} deep`, 'tasks are no deeper than six');
    else if (piecesLimit < pieces)
      complain(offset, `more than ${piecesLimit} pieces of YAML`, 'move what is done elsewhere');
    else if (message === undefined && tokens.at(-1)?.type !== 'error') continue;
    break;
  }
  for (const token of parser.end()) tokens.push(token);
  return tokens;
}

function composeTokens(tokens: readonly CST.Token[], text: string): Document.Parsed[] {
  const composer = new Composer({
    keepSourceTokens: true,
    logLevel: 'silent',
    prettyErrors: false,
    strict: true,
    stringKeys: true,
    // Its own check takes the square of their number; see checkKeys.
    uniqueKeys: false,
  });
  const documents: Document.Parsed[] = [];
  for (const it of composer.compose(tokens, true, text.length)) {
    documents.push(it as Document.Parsed);
    if (1 < documents.length) break;
  }
  return documents;
}

/** Depth is bounded before. */
function checkKeys(node: ParsedNode | null, complain: Complain): void {
  if (isSeq(node)) for (const it of node.items) checkKeys(it as ParsedNode | null, complain);
  if (!isMap(node)) return;
  const seen = new Set<unknown>();
  for (const { key, value } of node.items) {
    const name = isScalar(key) ? key.value : undefined;
    const offset = key.range[0];
    if (name === '<<') complain(offset, 'merge keys are not read', 'write out what it brings in');
    if (seen.has(name)) complain(offset, `${String(name)} is said twice`, 'keep one of the two');
    seen.add(name);
    checkKeys(value as ParsedNode | null, complain);
  }
}

function lower(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1);
}
