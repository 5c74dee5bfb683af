/** Makes simple commands of a shell's words, and says which of them share a working folder. */
import type { Token, Word } from './read-words.ts';

export type Simple = {
  readonly kind: 'simple';
  readonly words: readonly Word[];
  /** Files that become its input. */
  readonly inputs: readonly Word[];
  /** It runs beside others, so that a change of folder in it is its own. */
  readonly isApart: boolean;
};

export type Group = {
  readonly kind: 'group';
  readonly items: readonly Item[];
  readonly inputs: readonly Word[];
  readonly isApart: boolean;
};

export type Item = Simple | Group;

/** Words that stand before a command, or after the last one, and say nothing about it. */
const fillers = new Set([
  'if',
  'then',
  'else',
  'elif',
  'while',
  'until',
  'do',
  '!',
  'time',
  '{',
  'fi',
  'done',
  '}',
]);
const separators = new Set([';', '&&', '||', '&', '\n', ';;', ';&', ';;&']);
const redirections = new Set([
  '<',
  '>',
  '>>',
  '<<',
  '<<-',
  '<<<',
  '<&',
  '>&',
  '&>',
  '&>>',
  '<>',
  '>|',
]);

type Cursor = { readonly tokens: readonly Token[]; at: number; depth: number };

const depthLimit = 20;

export function parseScript(tokens: readonly Token[]): readonly Item[] {
  return parseItems({ tokens, at: 0, depth: 0 });
}

function parseItems(cursor: Cursor): Item[] {
  const items: Item[] = [];
  let line: Item[] = [];
  let isPiped = false;
  const endPipeline = () => {
    items.push(...(isPiped ? line.map((it): Item => ({ ...it, isApart: true })) : line));
    line = [];
    isPiped = false;
  };
  for (;;) {
    const token = cursor.tokens[cursor.at];
    if (token === undefined || isOperator(token, ')')) break;
    if (token.kind === 'operator' && (token.text === '|' || token.text === '|&')) {
      isPiped = true;
      cursor.at += 1;
    } else if (token.kind === 'operator' && separators.has(token.text)) {
      // What runs in the background changes its own folder only.
      if (token.text === '&') isPiped = true;
      endPipeline();
      cursor.at += 1;
    } else line.push(isOperator(token, '(') ? parseSubshell(cursor) : parseSimple(cursor));
  }
  endPipeline();
  return items;
}

function parseSubshell(cursor: Cursor): Item {
  cursor.at += 1;
  cursor.depth += 1;
  const items = cursor.depth < depthLimit ? parseItems(cursor) : skipAll(cursor);
  cursor.depth -= 1;
  if (isOperator(cursor.tokens[cursor.at], ')')) cursor.at += 1;
  const { inputs } = parseSimple(cursor);
  return { kind: 'group', items, inputs, isApart: true };
}

function skipAll(cursor: Cursor): Item[] {
  cursor.at = cursor.tokens.length;
  return [];
}

function parseSimple(cursor: Cursor): Simple {
  const [words, inputs]: [Word[], Word[]] = [[], []];
  for (;;) {
    const token = cursor.tokens[cursor.at];
    if (token?.kind === 'word') takeWord(cursor, token, words);
    else if (token !== undefined && redirections.has(token.text))
      takeRedirection(cursor, token.text, words, inputs);
    else break;
  }
  if (0 < words.length && isOperator(cursor.tokens[cursor.at], '(')) {
    // A function, or an array: nothing of it is run here and now.
    words.length = 0;
    skipAll(cursor);
  }
  return { kind: 'simple', words, inputs, isApart: false };
}

function takeWord(cursor: Cursor, word: Word, words: Word[]): void {
  cursor.at += 1;
  if (words.length === 0 && isKeyword(word, fillers)) return;
  if (words.length === 0 && isKeyword(word, compounds)) skipHead(cursor, word);
  else words.push(word);
}

/** `2>` is a descriptor and a redirection, not a word. */
function takeRedirection(cursor: Cursor, operator: string, words: Word[], inputs: Word[]): void {
  const last = words.at(-1);
  if (last?.isPlain === true && /^\d+$/.test(last.text ?? '') && words.length > 1) words.pop();
  cursor.at += 1;
  const target = cursor.tokens[cursor.at];
  if (target?.kind !== 'word') return;
  cursor.at += 1;
  if (operator === '<' || operator === '<>') inputs.push(target);
}

const compounds = new Set(['for', 'select', 'case', 'function']);

/** `for x in a b` has no command before its `do`; of `case` and functions nothing is believed. */
function skipHead(cursor: Cursor, word: Word): void {
  if (word.text !== 'for' && word.text !== 'select') {
    skipAll(cursor);
    return;
  }
  for (; cursor.at < cursor.tokens.length; cursor.at += 1)
    if (cursor.tokens[cursor.at]?.kind === 'operator') return;
}

function isKeyword(word: Word, keywords: ReadonlySet<string>): boolean {
  return word.isPlain && word.text !== undefined && keywords.has(word.text);
}

function isOperator(token: Token | undefined, text: string): boolean {
  return token?.kind === 'operator' && token.text === text;
}
