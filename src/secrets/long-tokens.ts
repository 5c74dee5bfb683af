/** Finds tokens without a name: by their shape, as a JWT, or because the words before them tell. */
import { readNameBefore } from './assigned-name.ts';
import type { Hit } from './hit.ts';
import { judgeName } from './key-names.ts';
import { isPossible, looksRandom } from './likeness.ts';
import { findRuns } from './runs.ts';
import { closesName, isAt, isDash, isDigit, isOf } from './signs.ts';
import { endless, findShapes } from './token-shapes.ts';

/** What stands before a run can be its beginning (`ya29.`) or decide whether it begins a word. */
const contextBefore = 24;
/** A run may be only the first of two, parted by a dot. */
const contextAfter = 72;

/** Letters alone are a name in a program, unless there are as many as this (or they are AWS's). */
const shortestOfLetters = 30;

export function findLongTokens(text: string, hits: Hit[]): void {
  let done = 0;
  findRuns(text, (begin, to) => {
    if (to <= done) return;
    const { digits, dashes } = readContents(text, begin, to);
    const isName = digits + dashes === 0 && to - begin < shortestOfLetters;
    if (isName && !text.startsWith('A', begin)) return;
    const from = begin + escapeLength(text, begin);
    const before = hits.length;
    findShapesAround(text, from, to, hits);
    if (before < hits.length) {
      done = extendEndless(text, before, hits);
      return findPartner(text, to, hits);
    }
    const hit = findJwt(text, from, to) ?? (digits < 3 ? undefined : findTold(text, from, to));
    if (hit === undefined) return;
    hits.push(hit);
    done = hit.to;
  });
}

function findShapesAround(text: string, from: number, to: number, hits: Hit[]): void {
  const start = Math.max(0, from - contextBefore);
  const isDotted = text.charCodeAt(to) === 46;
  const end = isDotted ? Math.min(text.length, to + contextAfter) : to;
  findShapes(text.slice(start, end), start, hits);
}

const restOfBase64 = /[A-Za-z0-9+/=_.-]*/y;

/** Where the last of them ends now. What one has taken up is not read again for the next. */
function extendEndless(text: string, first: number, hits: Hit[]): number {
  let read = 0;
  for (const [i, hit] of hits.entries()) {
    if (i < first || !endless.has(hit.reason)) continue;
    if (read < hit.to) {
      restOfBase64.lastIndex = hit.to;
      restOfBase64.test(text);
      read = Math.max(hit.to, restOfBase64.lastIndex);
    }
    // The full stop of a sentence is not the token's.
    hits[i] = { ...hit, to: text.charAt(read - 1) === '.' ? Math.max(hit.to, read - 1) : read };
  }
  return hits.at(-1)?.to ?? 0;
}

/** 1 when the run's first letter belongs to an escape in front of it, as in `\nghp_…`. */
const escapeLength = (text: string, from: number) =>
  text.charAt(from - 1) === '\\' && /[bfnrt]/.test(text.charAt(from)) ? 1 : 0;

const jwt = /eyJ[\w-]{8,}\.(?:eyJ[\w-]{8,}(?:\.[\w-]*)?|[\w-]*(?:\.[\w-]{8,}){3})/y;

function findJwt(text: string, from: number, to: number): Hit | undefined {
  if (text.charAt(to) !== '.') return undefined;
  const begin = text.slice(from, to).indexOf('eyJ');
  // Deep inside a run it is chance; one or two signs before it are an escape or a colour code.
  if (begin < 0 || 4 < begin) return undefined;
  jwt.lastIndex = from + begin;
  return jwt.test(text) ? { from: from + begin, to: jwt.lastIndex, reason: 'jwt' } : undefined;
}

const restOfValue = /[A-Za-z0-9_+/=.~-]*/y;
const scheme = /^(?:bearer|basic)$/i;

/** "the deploy token is `…`", "Bearer …": no colon, but the word beside it tells. */
function findTold(text: string, from: number, to: number): Hit | undefined {
  if (!isAt(text, from - 1, closesName)) return undefined;
  const name = readNameBefore(text, from)?.text ?? '';
  const reason = scheme.test(name) ? 'authorization' : judgeName(name)?.reason;
  if (reason === undefined) return undefined;
  restOfValue.lastIndex = to;
  restOfValue.test(text);
  const end = Math.max(to, restOfValue.lastIndex);
  const value = text.slice(from, end);
  return looksRandom(value) && isPossible(value) ? { from, to: end, reason } : undefined;
}

/** What a run is made of decides cheaply what it cannot be; most are names in a program. */
function readContents(text: string, from: number, to: number) {
  let digits = 0;
  let dashes = 0;
  for (let at = from; at < to; at += 1) {
    const code = text.charCodeAt(at);
    if (isOf(code, isDigit)) digits += 1;
    else if (isOf(code, isDash)) dashes += 1;
  }
  return { digits, dashes };
}

/** AWS gives out a name-like key and its secret together; the secret alone has no shape of its own. */
const awsSecret = /(?<![A-Za-z0-9/+=])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/g;
const partnerReach = 256;

function findPartner(text: string, from: number, hits: Hit[]): void {
  if (hits.at(-1)?.reason !== 'aws-key') return;
  for (const match of text.slice(from, from + partnerReach).matchAll(awsSecret)) {
    const [secret] = match;
    if (!/[a-z]/.test(secret) || !/[A-Z]/.test(secret) || !/\d/.test(secret)) continue;
    const at = from + match.index;
    hits.push({ from: at, to: at + secret.length, reason: 'aws-secret' });
  }
}
