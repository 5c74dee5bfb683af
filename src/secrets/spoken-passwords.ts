/** Finds passwords that only a space parts from the word: in prose, SQL (`PASSWORD '…'`) and .netrc files. */
import type { Hit } from './hit.ts';
import { isSpelledOddly, looksSecret } from './likeness.ts';

/** The rarer half of "password", so that the search skips more; and MySQL's IDENTIFIED BY. */
const halves = ['word', 'WORD', 'IFIED BY'];
const ends = /(?:[Pp]assword|PASSWORD|IDENTIFIED BY)$/;
const value =
  /(?:[ \t]+(?:is|was|to|as))?[ \t]+\\{0,3}(["'`]?)([^\s"'`\\,;()]{6,128})(\\{0,3}["'`])?/y;

export function findSpoken(text: string, hits: Hit[]): void {
  for (const half of halves)
    for (let at = text.indexOf(half); at !== -1; at = text.indexOf(half, at + half.length)) {
      const to = at + half.length;
      if (!ends.test(text.slice(Math.max(0, to - 13), to))) continue;
      const hit = findAfter(text, to);
      if (hit !== undefined) hits.push(hit);
    }
}

function findAfter(text: string, at: number): Hit | undefined {
  value.lastIndex = at;
  const match = value.exec(text);
  if (match === null) return undefined;
  const [, opened = '', found = '', closed = ''] = match;
  const secret = opened === '' ? found.replace(/[.:!?]+$/, '') : found;
  const isQuoted = opened !== '' && closed.endsWith(opened);
  const isSecret = isQuoted
    ? looksSecret({ value: secret, strength: 'certain', place: 'quoted' })
    : looksSpoken(secret);
  const from = value.lastIndex - closed.length - found.length;
  return isSecret ? { from, to: from + secret.length, reason: 'password' } : undefined;
}

/** Without quotes it must look like nothing else that stands beside the word. */
const looksSpoken = (secret: string) =>
  8 <= secret.length &&
  /[A-Za-z]/.test(secret) &&
  (/\d\D+\d/.test(secret) || isSpelledOddly(secret)) &&
  !/^\d+[-:.T]|[=<>{}[\]]|^(?:sha|md|pbkdf|argon|b?scrypt|bcrypt|oauth|utf|base|aes)[-_]?\d/i.test(
    secret,
  ) &&
  looksSecret({ value: secret, strength: 'certain', place: 'own-line' });
