/** Changes single places of a YAML text, and leaves every other byte as it is. */
import { isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap, type YAMLSeq } from 'yaml';
import { type Manner, writeScalar } from './write-scalar.ts';

export type Splice = { readonly from: number; readonly to: number; readonly text: string };

export type Page = { readonly text: string; readonly newline: string };

export function openPage(text: string): Page {
  return { text, newline: /\r?\n/.exec(text)?.[0] ?? '\n' };
}

/** At one place they stay in their order, and what comes in comes before what goes. */
export function applySplices(text: string, splices: readonly Splice[]): string {
  const takes = ({ from, to }: Splice) => Number(from < to);
  const sorted = [...splices].sort((a, b) => a.from - b.from || takes(a) - takes(b));
  let done = 0;
  let written = '';
  for (const { from, to, text: inserted } of sorted) {
    written += text.slice(done, from) + inserted;
    done = to;
  }
  return written + text.slice(done);
}

/** What is to be written: text, or a list of it on one line, or a map of these. */
export type Value = string | readonly string[] | { readonly [key: string]: Value };

export function pairAt(map: YAMLMap, key: string): Pair<Node, Node | null> | undefined {
  const found = map.items.find((it) => isScalar(it.key) && it.key.value === key);
  return found as Pair<Node, Node | null> | undefined;
}

export function valueAt(map: YAMLMap, key: string): Node | undefined {
  const value = pairAt(map, key)?.value;
  return value === null || (isScalar(value) && value.value === null) ? undefined : value;
}

/** Puts a value in the place of a scalar, or behind a key that has none. */
export function replaceValue(page: Page, map: YAMLMap, key: string, value: Value | null): Splice {
  const pair = pairAt(map, key) as Pair<Node, Node | null>;
  const node = pair.value;
  const [from, end] = [startOf(node), endOf(node)];
  const isThere = from < end;
  const to = withoutBreak(page, from, end);
  const behind = isThere ? to : endOfColon(pair);
  // Below a block there is no place for what stands behind the value, not even for a space.
  const isShut = map.flow === true || /[^\r]/.test(restOfLine(page, behind));
  const written =
    value === null
      ? 'null'
      : writeValue(value, {
          type: isScalar(node) ? node.type : undefined,
          inFlow: map.flow === true || Array.isArray(value),
          inLine: isShut,
          indent: `${columnOf(page, map)}  `,
          newline: page.newline,
        });
  if (!isThere) return { from: behind, to: behind, text: ` ${written}` };
  const [first = '', ...rest] = written.split(page.newline);
  return { from, to, text: [first + headComment(page, node), ...rest].join(page.newline) };
}

/** Behind the bar that begins a block may be a comment. */
function headComment({ text }: Page, node: Node | null): string {
  if (!isScalar(node) || !/^BLOCK/.test(node.type ?? '')) return '';
  return /^[^\s#]*([ \t]+#[^\r\n]*)/.exec(text.slice(startOf(node), endOf(node)))?.[1] ?? '';
}

const restOfLine = ({ text }: Page, at: number) =>
  text.slice(at, (text.indexOf('\n', at) + 1 || text.length + 1) - 1);

/** Adds keys behind those that come before them in `order`. */
export function addPairs(
  page: Page,
  map: YAMLMap,
  order: readonly string[],
  pairs: readonly (readonly [key: string, value: Value])[],
): Splice[] {
  const rank = ({ key }: Pair) => order.indexOf(String((key as { value?: unknown }).value));
  return pairs.map(([key, value]) => {
    const before = map.items.filter((it) => rank(it) !== -1 && rank(it) < order.indexOf(key));
    const last = before.at(-1) ?? map.items.at(-1);
    const end = last === undefined ? startOf(map) + 1 : endOfPair(last as Pair<Node, Node | null>);
    if (map.flow === true) {
      const comma = last === undefined ? '' : ', ';
      const manner = { inFlow: true, indent: '', newline: page.newline };
      return { from: end, to: end, text: `${comma}${key}: ${writeValue(value, manner)}` };
    }
    const indent = columnOf(page, map);
    const under = last === undefined ? end : ownEnd(page, end, indent.length);
    return insertLines(page, under, writePair([key, value], indent, page.newline));
  });
}

/** The lines of a pair, or what stands of it between commas. Undefined where its map begins with it. */
export function removePair(page: Page, map: YAMLMap, key: string): Splice | undefined {
  const at = map.items.findIndex((it) => isScalar(it.key) && it.key.value === key);
  const pair = map.items[at] as Pair<Node, Node | null> | undefined;
  const before = map.items[at - 1] as Pair<Node, Node | null> | undefined;
  if (pair === undefined || before === undefined) return undefined;
  if (map.flow === true) return { from: endOfPair(before), to: endOfPair(pair), text: '' };
  const from = lineStart(page, startOf(pair.key));
  return { from, to: lineEnd(page, endOfPair(pair)), text: '' };
}

/** Adds at the end of a list. */
export function appendItems(page: Page, list: YAMLSeq, values: readonly Value[]): Splice[] {
  const last = list.items.at(-1) as Node | undefined;
  if (list.flow === true) {
    const manner = { inFlow: true, indent: '', newline: page.newline };
    const written = values.map((it) => writeValue(it, manner)).join(', ');
    const at = last === undefined ? startOf(list) + 1 : endOf(last);
    return [{ from: at, to: at, text: last === undefined ? written : `, ${written}` }];
  }
  const dash = columnOf(page, list);
  const gap = hasGaps(page, list) ? page.newline : '';
  const end = ownEnd(page, endOf(last), dash.length);
  const lines = values.map((it) => gap + writeItem(it, dash, page.newline)).join(page.newline);
  return [insertLines(page, end, lines)];
}

export function removeItem(page: Page, list: YAMLSeq, at: number): Splice {
  const items = list.items as Node[];
  const [before, item, after] = [items[at - 1], items[at] as Node, items[at + 1]];
  if (list.flow !== true) {
    const from = lineStart(page, startOf(item));
    return { from, to: lineEnd(page, endOf(item)), text: '' };
  }
  if (before !== undefined) return { from: endOf(before), to: endOf(item), text: '' };
  const to = after === undefined ? endOf(item) : startOf(after);
  return { from: startOf(item), to, text: '' };
}

/** Lines behind the line in which `end` is. */
export function insertLines(page: Page, end: number, lines: string): Splice {
  const { text, newline } = page;
  const at = lineEnd(page, end);
  const isOpen = 0 < at && text[at - 1] !== '\n';
  return { from: at, to: at, text: isOpen ? newline + lines : lines + newline };
}

export function writeItem(value: Value, dash: string, newline: string): string {
  if (typeof value === 'string' || Array.isArray(value))
    return `${dash}- ${writeValue(value, { inFlow: false, indent: `${dash}  `, newline })}`;
  const indent = `${dash}  `;
  const lines = Object.entries(value).map((it) => writePair(it, indent, newline));
  return `${dash}- ${lines.join(newline).slice(indent.length)}`;
}

/** Marks are short enough for one line; whatever else has parts takes a line for each. */
const short: ReadonlySet<string> = new Set(['by', 'at']);

function writePair(
  [key, value]: readonly [string, Value],
  indent: string,
  newline: string,
): string {
  const isLong =
    typeof value !== 'string' &&
    !Array.isArray(value) &&
    Object.keys(value).some((it) => !short.has(it));
  if (!isLong)
    return `${indent}${key}: ${writeValue(value, { inFlow: false, indent: `${indent}  `, newline })}`;
  const inner = Object.entries(value).map((it) => writePair(it, `${indent}  `, newline));
  return [`${indent}${key}:`, ...inner].join(newline);
}

function writeValue(value: Value, manner: Manner): string {
  if (typeof value === 'string') return writeScalar(value, manner);
  const inside = { ...manner, type: undefined, inFlow: true, inLine: true };
  if (Array.isArray(value)) return `[${value.map((it) => writeScalar(it, inside)).join(', ')}]`;
  const pairs = Object.entries(value).map(([key, it]) => `${key}: ${writeValue(it, inside)}`);
  return pairs.length === 0 ? '{}' : `{ ${pairs.join(', ')} }`;
}

const startOf = (node: Node | null | undefined): number => node?.range?.[0] ?? 0;

/** Where its own last sign ends: what a collection in lines is said to end with may be far below. */
function endOf(node: Node | null | undefined): number {
  const end = node?.range?.[1] ?? 0;
  if (isMap(node) && node.flow !== true) {
    const last = node.items.at(-1);
    return last === undefined ? end : endOfPair(last as Pair<Node, Node | null>);
  }
  if (isSeq(node) && node.flow !== true) return endOf(node.items.at(-1) as Node | undefined) || end;
  return end;
}

function endOfPair(pair: Pair<Node, Node | null>): number {
  const { value } = pair;
  return value === null || startOf(value) === endOf(value) ? endOfColon(pair) : endOf(value);
}

/** Of the key itself where there is none. */
function endOfColon({ key, srcToken }: Pair<Node, Node | null>): number {
  const colon = srcToken?.sep?.find((it) => it.type === 'map-value-ind');
  return colon === undefined ? (key.range?.[1] ?? 0) : colon.offset + 1;
}

/** A block of lines ends with a line break, which stays. */
function withoutBreak({ text }: Page, from: number, to: number): number {
  if (text[to - 1] !== '\n' || to - 1 <= from) return to;
  return text[to - 2] === '\r' ? to - 2 : to - 1;
}

const lineStart = ({ text }: Page, at: number) => text.lastIndexOf('\n', at - 1) + 1;

/** Where the line after begins; `at` itself where it is the beginning of one. */
function lineEnd({ text }: Page, at: number): number {
  if (text[at - 1] === '\n') return at;
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end + 1;
}

/** As many spaces as there is before it in its line. */
const columnOf = (page: Page, node: Node) =>
  ' '.repeat(startOf(node) - lineStart(page, startOf(node)));

/** With the comments right below its line that are further in than `column`. */
function ownEnd(page: Page, end: number, column: number): number {
  let at = lineEnd(page, end);
  const { text } = page;
  for (;;) {
    const comment = /^( *)#[^\n]*\n?/.exec(text.slice(at, at + 4096));
    if (comment === null || (comment[1]?.length ?? 0) <= column) return at;
    at += comment[0].length;
  }
}

/** Above its last item, and the comments on that, is an empty line. */
function hasGaps(page: Page, list: YAMLSeq): boolean {
  if (list.items.length < 2) return false;
  const above = page.text.slice(0, lineStart(page, startOf(list.items.at(-1) as Node)));
  return /\n[ \t]*\r?\n(?:[ \t]*#[^\n]*\n)*$/.test(above.slice(-4096));
}
