/** Reads the value after a `:` or `=`: to its closing quote, or as far as nothing ends it. */
import { judgedLength } from './hit.ts';
import type { Place } from './likeness.ts';

export type AssignedValue = {
  readonly text: string;
  readonly from: number;
  readonly to: number;
  readonly place: Place;
};

/** What the caller knows of the place, from what stands before it. */
export type Surroundings = {
  readonly isEnvironmentLine: boolean;
  readonly isLineStart: boolean;
  /** The name is in quotes, as in JSON. */
  readonly isField: boolean;
  /** In the query of an address. */
  readonly isParameter: boolean;
};

const lead = /[=>:]{0,2}[ \t]{0,8}(?:[bfru@$]{0,2}(?=["']))?(\\{0,3})(["'`]?)/y;

export function readValueAfter(text: string, at: number, around: Surroundings): AssignedValue {
  lead.lastIndex = at;
  const [whole = '', , quote = ''] = lead.exec(text) ?? [];
  const from = at + whole.length;
  return quote === ''
    ? readBare(text, from, around)
    : { ...readQuoted(text, from, quote), place: around.isField ? 'field' : 'quoted' };
}

function readQuoted(text: string, from: number, quote: string) {
  const isEscaped = text.charAt(from - 2) === '\\';
  const limit = Math.min(text.length, from + judgedLength);
  let to = from;
  while (to < limit && text.charAt(to) !== '\n') {
    if (text.charAt(to) === quote) break;
    to += !isEscaped && text.charAt(to) === '\\' ? 2 : 1;
  }
  to = Math.min(to, limit);
  while (isEscaped && from < to && text.charAt(to - 1) === '\\') to -= 1;
  return { text: text.slice(from, to), from, to };
}

const endsBare = /[\s"'`,;<>(){}[\]|&\\]/;
const endsEnvironmentLine = /[\s"'`\\]/;
const lineEnd = /[ \t]*(?:\r?\n|\\[nr]|$)/y;

function readBare(text: string, from: number, around: Surroundings): AssignedValue {
  const ends = around.isEnvironmentLine ? endsEnvironmentLine : endsBare;
  const limit = Math.min(text.length, from + judgedLength);
  let to = from;
  while (to < limit && !ends.test(text.charAt(to))) to += 1;
  // A call or an index: what it gives is not written here.
  if (!around.isEnvironmentLine && /[([{]/.test(text.charAt(to))) to = from;
  while (from < to && /[.,:;!?)]/.test(text.charAt(to - 1))) to -= 1;
  lineEnd.lastIndex = to;
  const isAlone = around.isParameter || (around.isLineStart && lineEnd.test(text));
  const otherwise = isAlone ? 'own-line' : 'bare';
  const place = around.isEnvironmentLine ? 'environment-line' : otherwise;
  return { text: text.slice(from, to), from, to, place };
}
