/** Cuts a shell command into words and operators, as a shell would: quotes, escapes, here-documents, comments. */

export type Word = {
  readonly kind: 'word';
  /** Undefined where only the shell itself could tell: variables, globs, braces, what a command prints. */
  readonly text: string | undefined;
  /** No part of it was quoted, so it may be a keyword. */
  readonly isPlain: boolean;
  /** Commands within it whose output becomes a part of it. */
  readonly inner: readonly string[];
};

export type Operator = { readonly kind: 'operator'; readonly text: string };

export type Token = Word | Operator;

/** Longest first. */
const operators = [
  ...['<<<', '<<-', '&>>', ';;&'],
  ...['&&', '||', ';;', ';&', '|&', '<<', '>>', '<&', '>&', '&>', '<>', '>|'],
  ...[';', '&', '|', '(', ')', '<', '>', '\n'],
];
const blank = /[ \t\r]/;
const globs = /[*?[\]]/;

/** A here-document that was announced, and whose text begins with the next line. */
type Document = { readonly isTabbed: boolean; end: string | undefined };

type Reading = {
  readonly text: string;
  readonly tokens: Token[];
  documents: Document[];
  at: number;
};

/** Undefined if it never ends: a quote or a parenthesis that is open. */
export function readWords(command: string): readonly Token[] | undefined {
  const reading: Reading = { text: command, tokens: [], documents: [], at: 0 };
  while (reading.at < command.length) {
    const { at } = reading;
    if (blank.test(command[at] as string)) reading.at += 1;
    else if (command.startsWith('\\\n', at)) reading.at += 2;
    else if (command[at] === '#') reading.at = endOfLine(command, at);
    else if (!takeOperator(reading) && !takeWord(reading)) return undefined;
  }
  return reading.tokens;
}

function takeOperator(reading: Reading): boolean {
  const { text, tokens, documents, at } = reading;
  const operator = operators.find((it) => text.startsWith(it, at));
  if (operator === undefined) return false;
  tokens.push({ kind: 'operator', text: operator });
  reading.at += operator.length;
  if (operator === '\n') {
    for (const it of documents) skipDocument(reading, it);
    reading.documents = [];
  }
  if (operator === '<<' || operator === '<<-')
    documents.push({ isTabbed: operator === '<<-', end: undefined });
  return true;
}

function takeWord(reading: Reading): boolean {
  const found = readWord(reading.text, reading.at);
  if (found === undefined) return false;
  reading.at = found.end;
  reading.tokens.push(found.word);
  const unnamed = reading.documents.find((it) => it.end === undefined);
  if (unnamed !== undefined) unnamed.end = found.raw.replace(/["'\\]/g, '');
  return true;
}

function skipDocument(reading: Reading, { isTabbed, end: last }: Document): void {
  const { text } = reading;
  while (reading.at < text.length) {
    const end = endOfLine(text, reading.at);
    const line = text.slice(reading.at, end);
    reading.at = Math.min(end + 1, text.length);
    if ((isTabbed ? line.replace(/^\t+/, '') : line) === last) return;
  }
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end;
}

type Cut = { readonly word: Word; readonly raw: string; readonly end: number };

/** What a piece of a word is: its text if that is known, and where it ends. */
type Piece = { readonly text: string | undefined; readonly end: number; readonly inner?: string };

function readWord(text: string, start: number): Cut | undefined {
  const all: Piece[] = [];
  let at = start;
  while (at < text.length && !isEnd(text, at)) {
    const pieces = readPieces(text, at);
    if (pieces === undefined) return undefined;
    all.push(...pieces);
    at = pieces.at(-1)?.end ?? at + 1;
  }
  const raw = text.slice(start, at);
  const isPlain = !/["'\\$`]/.test(raw);
  // A tilde is the home of somebody, and a brace with a comma several words.
  const isSpread = isPlain && (raw.startsWith('~') || /\{[^}]*(,|\.\.)[^}]*\}/.test(raw));
  const isKnown = !isSpread && all.every((it) => it.text !== undefined);
  const known = isKnown ? all.map((it) => it.text).join('') : undefined;
  const inner = all.flatMap((it) => it.inner ?? []);
  return { word: { kind: 'word', text: known, isPlain, inner }, raw, end: at };
}

function readPieces(text: string, at: number): readonly Piece[] | undefined {
  if (text[at] === '"') return readDouble(text, at + 1);
  const piece = readPiece(text, at);
  return piece && [piece];
}

function isEnd(text: string, at: number): boolean {
  const char = text[at] as string;
  return blank.test(char) || ';&|()<>\n'.includes(char);
}

function readPiece(text: string, at: number): Piece | undefined {
  const char = text[at] as string;
  if (char === "'") return readSingle(text, at + 1);
  if (char === '\\')
    return { text: text[at + 1] === '\n' ? '' : (text[at + 1] ?? ''), end: at + 2 };
  if (char === '`') return readBackquoted(text, at);
  if (char === '$') return readDollar(text, at);
  return { text: globs.test(char) ? undefined : char, end: at + 1 };
}

function readSingle(text: string, from: number): Piece | undefined {
  const end = text.indexOf("'", from);
  return end === -1 ? undefined : { text: text.slice(from, end), end: end + 1 };
}

function readDouble(text: string, from: number): Piece[] | undefined {
  const pieces: Piece[] = [];
  let at = from;
  while (at < text.length) {
    const char = text[at] as string;
    if (char === '"') return [...pieces, { text: '', end: at + 1 }];
    const piece = readInDouble(text, at, char);
    if (piece === undefined) return undefined;
    pieces.push(piece);
    at = piece.end;
  }
  return undefined;
}

function readInDouble(text: string, at: number, char: string): Piece | undefined {
  if (char === '$') return readDollar(text, at, true);
  if (char === '`') return readBackquoted(text, at);
  if (char !== '\\') return { text: char, end: at + 1 };
  const next = text[at + 1] ?? '';
  if (next === '\n') return { text: '', end: at + 2 };
  return { text: '$`"\\'.includes(next) ? next : `\\${next}`, end: at + 2 };
}

function readBackquoted(text: string, at: number): Piece | undefined {
  const end = text.indexOf('`', at + 1);
  if (end === -1) return undefined;
  return { text: undefined, inner: text.slice(at + 1, end), end: end + 1 };
}

/** Everything after a dollar is known to the shell only, but for `$'...'` and a lone dollar. */
function readDollar(text: string, at: number, isQuoted = false): Piece | undefined {
  const rest = text.slice(at + 1, at + 3);
  if (rest.startsWith("'") && !isQuoted) return readEscaped(text, at + 2);
  if (rest.startsWith('"') && !isQuoted) return { text: '', end: at + 1 };
  if (rest.startsWith('(')) {
    const end = findClosing(text, at + 1, '(', ')');
    if (end === undefined) return undefined;
    const isSum = rest === '((';
    const inner = isSum ? {} : { inner: text.slice(at + 2, end) };
    return { text: undefined, end: end + 1, ...inner };
  }
  if (rest.startsWith('{')) {
    const end = findClosing(text, at + 1, '{', '}');
    return end === undefined ? undefined : { text: undefined, end: end + 1 };
  }
  const name = /^(?:[A-Za-z_][A-Za-z0-9_]*|[0-9@*#?$!-])/.exec(text.slice(at + 1, at + 200));
  if (name === null) return { text: '$', end: at + 1 };
  return { text: undefined, end: at + 1 + name[0].length };
}

/** `$'...'`: its escapes are not worth knowing; without one it is plain text. */
function readEscaped(text: string, from: number): Piece | undefined {
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === "'") {
      const inside = text.slice(from, at);
      return { text: inside.includes('\\') ? undefined : inside, end: at + 1 };
    }
  }
  return undefined;
}

function findClosing(text: string, from: number, open: string, close: string): number | undefined {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    const char = text[at] as string;
    if (char === '\\') at += 1;
    else if (char === "'" && close === ')') {
      const end = text.indexOf("'", at + 1);
      if (end === -1) return undefined;
      at = end;
    } else if (char === open) depth += 1;
    else if (char === close) {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  return undefined;
}
