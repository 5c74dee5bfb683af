/** Finds a private key in PEM form, also escaped into one line, in a diff, or cut off before its end. */
import type { Hit } from './hit.ts';

const begin = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/y;
const end = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;
const longestKey = 20_000;
/** One line of base64 or a header, after a line break in whatever form, as a diff or a listing shows it. */
const line =
  /(?:\r?\n|(?:\\{1,4}[nr]){1,2}|[ ])(?:[ \t]{0,40}(?:\d{1,6}[ \t:|→]{0,4})?["'+>|-]?[ \t"']{0,40})(?:[A-Za-z0-9+/]{1,80}={0,2}|(?:Proc-Type|DEK-Info|Comment|Version):[^\n\\]{0,100})?(?:["',+ ]{0,4})(?=\r?\n|\\|$|[ ]|-----END)/y;

export function findPrivateKey(text: string, at: number): Hit | undefined {
  begin.lastIndex = at;
  const [head] = begin.exec(text) ?? [];
  if (head === undefined) return undefined;
  const bodyFrom = at + head.length;
  const to = findEnd(text, bodyFrom) ?? followLines(text, bodyFrom);
  // The words alone are no key; programs that read keys contain them.
  const hasBody = /[A-Za-z0-9+/=]{32}/.test(text.slice(bodyFrom, to));
  return hasBody ? { from: at, to, reason: 'private-key' } : undefined;
}

function findEnd(text: string, from: number): number | undefined {
  const body = text.slice(from, from + longestKey);
  end.lastIndex = 0;
  const match = end.exec(body);
  if (match === null || body.slice(0, match.index).includes('-----BEGIN ')) return undefined;
  return from + match.index + match[0].length;
}

/** A key that was cut off: as many lines as still look like one. */
function followLines(text: string, from: number): number {
  line.lastIndex = from;
  let to = from;
  while (line.test(text) && to < line.lastIndex) to = line.lastIndex;
  return to;
}
