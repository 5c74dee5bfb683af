/** Which files a shell command shows to whoever ran it, as far as its text can tell. Best effort, never certain. */
import { type Item, parseScript, type Simple } from './parse-script.ts';
import { readWords, type Word } from './read-words.ts';
import { type Reader, readers, shells, wrappers } from './reading-programs.ts';

/** Undefined: nobody can tell where we are. Nothing: where the command was started. */
type Place = { folder: string | undefined };

type Search = { readonly found: Set<string>; depth: number };

const lengthLimit = 20_000;
const depthLimit = 8;
const foundLimit = 200;

/** `command` as it was given: a line for a shell, or words for the system. Paths are relative where `cwd` is not known. */
export function findReads(command: string | readonly string[], cwd?: string): readonly string[] {
  const search: Search = { found: new Set(), depth: 0 };
  const place: Place = { folder: cwd ?? '' };
  if (typeof command === 'string') searchText(search, command, place);
  else searchWords(search, command.map(asWord), place);
  return [...search.found].slice(0, foundLimit);
}

function asWord(text: string): Word {
  return { kind: 'word', text, isPlain: false, inner: [] };
}

function searchText(search: Search, text: string, place: Place): void {
  if (lengthLimit < text.length || depthLimit <= search.depth) return;
  search.depth += 1;
  const tokens = readWords(text);
  if (tokens !== undefined) searchItems(search, parseScript(tokens), place);
  search.depth -= 1;
}

function searchItems(search: Search, items: readonly Item[], place: Place): void {
  for (const item of items) {
    const here = item.isApart ? { ...place } : place;
    for (const it of item.inputs) addFile(search, it.text, here);
    if (item.kind === 'group') searchItems(search, item.items, here);
    else searchSimple(search, item, here);
  }
}

function searchSimple(search: Search, { words, inputs }: Simple, place: Place): void {
  for (const word of [...words, ...inputs])
    for (const inner of word.inner) searchText(search, inner, { ...place });
  searchWords(search, words, place);
}

function searchWords(search: Search, all: readonly Word[], place: Place): void {
  const words = all.slice(countAssignments(all));
  const name = words[0]?.text?.split('/').at(-1);
  if (name === undefined) return;
  const rest = words.slice(1);
  if (name === 'cd' || name === 'pushd') enter(place, rest);
  else if (name === 'popd') place.folder = undefined;
  else if (name === 'eval') searchEval(search, rest, place);
  else if (shells.has(name)) searchShell(search, rest, place);
  else {
    const wrapper = wrappers.get(name);
    if (wrapper !== undefined) searchWrapped(search, rest, wrapper, place);
    else takeFiles(search, rest, readers.get(name), place);
  }
}

function countAssignments(words: readonly Word[]): number {
  let count = 0;
  while (/^[A-Za-z_][A-Za-z0-9_]*\+?=/.test(words[count]?.text ?? '')) count += 1;
  return count;
}

function enter(place: Place, words: readonly Word[]): void {
  const [target, ...others] = words.filter((it) => it.text !== '--' && it.text !== '-P');
  const isClear = target?.text !== undefined && others.length === 0 && !target.text.startsWith('-');
  place.folder = isClear ? join(place.folder, target.text as string) : undefined;
}

function searchEval(search: Search, words: readonly Word[], place: Place): void {
  const texts = words.map((it) => it.text);
  if (texts.every((it) => it !== undefined)) searchText(search, texts.join(' '), place);
  else place.folder = undefined;
}

/** `bash -lc 'text'`. A script in a file is not looked into. */
function searchShell(search: Search, words: readonly Word[], place: Place): void {
  const at = words.findIndex((it) => /^-[a-z]*c[a-z]*$/.test(it.text ?? ''));
  const before = words.slice(0, Math.max(at, 0));
  const text = at === -1 ? undefined : words[at + 1]?.text;
  if (text !== undefined && before.every((it) => it.text?.startsWith('-') === true))
    searchText(search, text, { ...place });
}

function searchWrapped(
  search: Search,
  words: readonly Word[],
  { takes, skips = 0 }: { readonly takes: readonly string[]; readonly skips?: number },
  place: Place,
): void {
  if (depthLimit <= search.depth) return;
  let at = 0;
  let left = skips;
  for (; at < words.length; at += 1) {
    const text = words[at]?.text;
    if (text === undefined) return;
    if (takes.includes(text)) at += 1;
    else if (!text.startsWith('-') && 0 < left) left -= 1;
    else if (!text.startsWith('-')) break;
  }
  search.depth += 1;
  searchWords(search, words.slice(at), place);
  search.depth -= 1;
}

function takeFiles(
  search: Search,
  words: readonly Word[],
  reader: Reader | undefined,
  place: Place,
): void {
  if (reader === undefined) return;
  const { files, scripts, writes } = sortWords(words, reader);
  if (writes || scripts.some((it) => it !== undefined && reader.refuses?.test(it) === true)) return;
  for (const file of files) addFile(search, file, place);
}

type Sorted = {
  readonly files: readonly (string | undefined)[];
  readonly scripts: readonly (string | undefined)[];
  /** Or shows nothing. */
  readonly writes: boolean;
};

function sortWords(words: readonly Word[], reader: Reader): Sorted {
  const { skips = 0, instead = [], never = [] } = reader;
  const { operands, options } = splitWords(words, reader);
  const brought = options.filter((it) => instead.includes(it.name));
  const skipped = 0 < brought.length ? 0 : skips;
  return {
    files: operands.slice(skipped),
    scripts: [...brought.map((it) => it.value), ...operands.slice(0, skipped)],
    writes: options.some(({ text }) => never.some((it) => isOptionOf(text, it))),
  };
}

type Option = { readonly name: string; readonly text: string; readonly value: string | undefined };

function splitWords(words: readonly Word[], { takes = [], hasPlus = false }: Reader) {
  const operands: (string | undefined)[] = [];
  const options: Option[] = [];
  let isOver = false;
  for (let at = 0; at < words.length; at += 1) {
    const text = words[at]?.text;
    if (isOver || text === undefined) operands.push(text);
    else if (text === '--') isOver = true;
    else if (/^-./.test(text)) {
      const { name, isJoined } = nameOption(text, takes);
      const takesNext = takes.includes(name) && !isJoined;
      if (takesNext) at += 1;
      options.push({ name, text, value: takesNext ? words[at]?.text : text });
    } else if (!hasPlus || !text.startsWith('+')) operands.push(text);
  }
  return { operands, options };
}

/** `-n3`, `--lines=3` bring their value along; `-rn3` is `-r -n 3`. */
function nameOption(text: string, takes: readonly string[]): { name: string; isJoined: boolean } {
  if (text.startsWith('--')) {
    const [name = text] = text.split('=', 1);
    return { name, isJoined: name.length < text.length };
  }
  for (let at = 1; at < text.length; at += 1) {
    const name = `-${text[at]}`;
    if (takes.includes(name)) return { name, isJoined: at < text.length - 1 };
  }
  return { name: text, isJoined: false };
}

function isOptionOf(text: string, option: string): boolean {
  if (option.startsWith('--')) return text === option || text.startsWith(`${option}=`);
  // `-i.bak` and `-ni` are in place as well; a value that is joined to another option is not looked at.
  return !text.startsWith('--') && /^-[a-zA-Z]+/.exec(text)?.[0].includes(option.slice(1)) === true;
}

function addFile(search: Search, text: string | undefined, place: Place): void {
  if (text === undefined || text === '' || text === '-' || text.startsWith('/dev/')) return;
  const path = join(place.folder, text);
  if (path !== undefined) search.found.add(path);
}

/** As far as names go: links are looked at by whoever opens the file. */
function join(folder: string | undefined, path: string): string | undefined {
  if (path.startsWith('/')) return normalize(path);
  if (folder === undefined) return undefined;
  return normalize(folder === '' ? path : `${folder}/${path}`);
}

function normalize(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && 0 < parts.length && parts.at(-1) !== '..') parts.pop();
    else if (part !== '..' || !path.startsWith('/')) parts.push(part);
  }
  return `${path.startsWith('/') ? '/' : ''}${parts.join('/')}`;
}
