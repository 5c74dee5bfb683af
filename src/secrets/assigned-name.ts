/** Reads the name in front of a `:` or `=`, through quotes, escapes and, in prose, over a word. */

import { closesName, inName, isAt, isQuote } from './signs.ts';

export type AssignedName = { readonly text: string; readonly from: number };

const longestName = 64;
const longestClosing = 5;

export function readNameBefore(text: string, at: number): AssignedName | undefined {
  let to = skipBrackets(text, at);
  const end = to;
  while (end - to < longestClosing && closes(text, to - 1)) to -= 1;
  let from = to;
  while (to - from < longestName && isAt(text, from - 1, inName)) from -= 1;
  if (text.charAt(from - 1) === '\\' && /[bfnrt]/.test(text.charAt(from))) from += 1;
  if (to - from < 2) return undefined;
  const name = text.slice(from, to);
  return nameless.test(name) ? joinWordBefore(text, from, name) : { text: name, from };
}

/** `AWS Secret Access Key [None]: …`, but never the brackets of a marker. */
function skipBrackets(text: string, at: number): number {
  if (text.charAt(at - 1) !== ']' || isAt(text, at - 2, isQuote)) return at;
  const inBrackets = / \[[\w*. -]{0,24}\]$/.exec(text.slice(Math.max(0, at - 28), at));
  return at - (inBrackets?.[0].length ?? 0);
}

/** These name nothing without the word before them. */
const nameless = /^(?:keys?|is|was|to|as|value)$/i;

/** A bracket closes an indexed name (`env["KEY"]`) only after a quote; alone it may close a marker. */
const closes = (text: string, at: number) =>
  isAt(text, at, closesName) || (text.charAt(at) === ']' && isAt(text, at - 1, isQuote));

/** "Secret Access Key: …", "my password is: …" */
function joinWordBefore(text: string, from: number, name: string): AssignedName {
  const before = /([A-Za-z]{2,20})[ ]$/.exec(text.slice(Math.max(0, from - 21), from));
  if (before === null) return { text: name, from };
  const word = before[1] ?? '';
  const joined = /^key/i.test(name) ? `${word}_key` : word;
  return { text: joined, from: from - before[0].length };
}
