/** Writes path names as git writes them in patches and lists. */
import { readPath } from '../snapshot/raw-path.ts';

const special = /[^\x20-\x7e]|["\\]/;
const letters: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
  '"': '\\"',
  '\\': '\\\\',
};

/** In quotes where git puts it in quotes: with signs other than plain ones, or bytes beyond ASCII. */
export function quotePath(path: string, always = false): string {
  const raw = readPath(path);
  if (!always && !special.test(raw)) return raw;
  return `"${raw.replace(/[^\x20-\x7e]|["\\]/g, spell)}"`;
}

function spell(sign: string): string {
  return letters[sign] ?? `\\${sign.charCodeAt(0).toString(8).padStart(3, '0')}`;
}
