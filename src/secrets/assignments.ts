/** Finds values beside key-like names: `API_KEY=…`, `"password": "…"`, `Authorization: Bearer …`, `user:…@host`. */
import { type AssignedName, readNameBefore } from './assigned-name.ts';
import { type AssignedValue, readValueAfter } from './assigned-value.ts';
import { findHeaderSecret, isHeader } from './headers.ts';
import { extendLong, type Hit } from './hit.ts';
import { judgeName, type KeyName } from './key-names.ts';
import { isPossible, looksRandom, looksSecret } from './likeness.ts';
import { findUrlSecret } from './url-secrets.ts';

/** Visits every `:` and `=`; most are dismissed by the word in front of them. */
export function findAssignments(text: string, hits: Hit[]): void {
  const colon = openSearch(text, ':');
  const equals = openSearch(text, '=');
  for (;;) {
    const at = Math.min(colon.at, equals.at);
    if (at === nowhere) return;
    const isUrl = text.startsWith('://', at);
    const { hit, next } = isUrl ? inUrl(text, at) : findAt(text, at);
    const whole = hit && extendLong(text, hit);
    if (whole !== undefined) hits.push(whole);
    colon.moveTo(Math.max(next, whole?.to ?? 0));
    equals.moveTo(Math.max(next, whole?.to ?? 0));
  }
}

const nowhere = Number.MAX_SAFE_INTEGER;

/** Where `sign` occurs next; remembers it, so that a text without the sign is read once. */
function openSearch(text: string, sign: string) {
  const find = (from: number) => {
    const found = text.indexOf(sign, from);
    return found === -1 ? nowhere : found;
  };
  const search = {
    at: find(0),
    moveTo(next: number) {
      if (search.at < next) search.at = find(next);
    },
  };
  return search;
}

/** What was found, and where to look on. */
type Visit = { readonly hit?: Hit | undefined; readonly next: number };

function inUrl(text: string, at: number): Visit {
  const hit = findUrlSecret(text, at);
  return { hit, next: hit?.to ?? at + 3 };
}

function findAt(text: string, at: number): Visit {
  const name = readNameBefore(text, at);
  if (name === undefined) return { next: at + 1 };
  const judged = judgeName(name.text);
  if (judged !== undefined && !isHeader(name.text)) return findNamed(text, at, name, judged);
  const hit =
    judged === undefined ? findBeside(text, at, name) : findHeaderSecret(text, at, judged);
  return { hit, next: hit?.to ?? at + 1 };
}

const findBeside = (text: string, at: number, name: AssignedName) =>
  /^(?:name|(?:[a-z]+_)?key)$/.test(name.text)
    ? findPaired(text, at, name)
    : findUnnamed(text, at, name);

/** So long a value is no list of further names; looking into it would read it again and again. */
const longestList = 128;

function findNamed(text: string, at: number, name: AssignedName, judged: KeyName): Visit {
  const value = readValueAfter(text, valueStart(text, at), surroundings(text, at, name));
  const { from, to } = value;
  if (isNamedSecret(value, judged)) return { hit: { from, to, reason: judged.reason }, next: to };
  return { next: longestList < to - from ? to : at + 1 };
}

/** `const key: string = "…"`: the value stands after the type. */
const annotation = /[ \t]*[A-Za-z][\w<>|&[\] ]{0,40}=[ \t]*(?=\\{0,3}["'`])/y;

function valueStart(text: string, at: number): number {
  annotation.lastIndex = at + 1;
  const typed = text.charAt(at) === ':' && annotation.test(text);
  return typed ? annotation.lastIndex : at + 1;
}

function surroundings(text: string, at: number, name: AssignedName) {
  const before =
    text
      .slice(Math.max(0, name.from - 40), name.from)
      .split('\n')
      .at(-1) ?? '';
  const isWordStart = /(?:^|[\s"'`+-]|\\[nrt]|env:)$/.test(before);
  return {
    isEnvironmentLine:
      text.charAt(at) === '=' &&
      at === name.from + name.text.length &&
      isWordStart &&
      /^[A-Z][A-Z0-9_]*$/.test(name.text),
    isField: text.charAt(at) === ':' && /["']/.test(text.charAt(at - 1)),
    isParameter: text.charAt(at) === '=' && /[?&]/.test(text.charAt(name.from - 1)),
    isLineStart: /^[\s\d+\->|"'*#]*$/.test(before) || /\\[nr][\s+-]*$/.test(before),
  };
}

/** `{"name": "API_KEY", "value": "…"}` and the same in YAML and XML. */
const pairedValue =
  /\\{0,3}["']?[\s,]{0,40}(?:\\n[ ]{0,40})?\\{0,3}["']?value\\{0,3}["']?[ ]?[:=]/y;

function findPaired(text: string, at: number, name: AssignedName): Hit | undefined {
  const around = surroundings(text, at, name);
  const called = readValueAfter(text, at + 1, around);
  const judged = judgeName(called.text);
  if (judged === undefined) return undefined;
  pairedValue.lastIndex = called.to;
  if (!pairedValue.test(text)) return undefined;
  const value = readValueAfter(text, pairedValue.lastIndex, { ...around, isLineStart: true });
  return isNamedSecret(value, judged)
    ? { from: value.from, to: value.to, reason: judged.reason }
    : undefined;
}

const isNamedSecret = (value: AssignedValue, { strength }: KeyName) =>
  looksSecret({ value: value.text, strength, place: value.place });

/** curl -u user:…, and the signature in an address */
const isUserFlag = (text: string, name: AssignedName, at: number) =>
  at === name.from + name.text.length &&
  text.charAt(at) === ':' &&
  /[^\s:]/.test(text.charAt(at + 1)) &&
  /(?:\s-u|--user)[ =]\\{0,3}["']?$/.test(text.slice(Math.max(0, name.from - 12), name.from));

const isQuerySignature = (text: string, name: AssignedName) =>
  name.text === 'sig' && /[?&;]/.test(text.charAt(name.from - 1));

function findUnnamed(text: string, at: number, name: AssignedName): Hit | undefined {
  const reason = isUserFlag(text, name, at) ? 'password' : 'signature';
  if (reason === 'signature' && !isQuerySignature(text, name)) return undefined;
  const value = readValueAfter(text, at + 1, inCode);
  const isSecret = reason === 'password' ? isPossible(value.text) : looksRandom(value.text);
  return isSecret && 4 <= value.text.length
    ? { from: value.from, to: value.to, reason }
    : undefined;
}

const inCode = {
  isEnvironmentLine: false,
  isLineStart: false,
  isField: false,
  isParameter: false,
};
