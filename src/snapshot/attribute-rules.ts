/** Which paths a .gitattributes file touches with anything that can change bytes between disk and repository. */
import { writeGlob, writePathGlob } from './ignore-rules.ts';
import type { RawPath } from './raw-path.ts';

const changing = /^-?!?(?:filter|text|eol|crlf|ident|working-tree-encoding)(?:=|$)/;

export type AttributeRules = {
  readonly base: RawPath;
  /** For a file above the workspace: the way from its folder to the workspace, '' or with a slash at its end. */
  readonly lead: RawPath;
  readonly patterns: readonly RegExp[];
};

/**
 * Nothing is resolved: a path that any line could give a filter, an encoding or a line ending is
 * hashed from disk. That costs time and never a byte. `-text` and the like change nothing.
 */
export function readAttributeRules(
  text: string,
  base: RawPath,
  lead: RawPath = '',
): AttributeRules {
  const patterns: RegExp[] = [];
  for (const line of text.split('\n')) {
    const [pattern = '', ...words] = splitLine(line.trim());
    if (pattern === '' || pattern.startsWith('#') || pattern.startsWith('!')) continue;
    // A macro can stand for anything, wherever it is used.
    if (pattern.startsWith('[attr]')) patterns.push(/^/);
    if (!words.some(isChanging)) continue;
    const bare = pattern.replace(/^\//, '').replace(/\/$/, '/**');
    const source = pattern.includes('/') ? writePathGlob(bare) : writeGlob(bare);
    if (source === undefined) continue;
    patterns.push(new RegExp(pattern.includes('/') ? `^${source}$` : `(?:^|/)${source}$`, 's'));
  }
  return { base, lead, patterns };
}

function isChanging(word: string): boolean {
  if (word === '-text' || word === '-crlf' || word === '-filter' || word === '-ident') return false;
  if (/^!/.test(word) || /^filter=$/.test(word)) return false;
  return changing.test(word);
}

function splitLine(line: string): string[] {
  const quoted = /^"((?:[^"\\]|\\.)*)"\s*(.*)$/.exec(line);
  if (!quoted) return line.split(/\s+/);
  return [(quoted[1] ?? '').replace(/\\(.)/g, '$1'), ...(quoted[2] ?? '').split(/\s+/)];
}

export function isTouched(rules: AttributeRules, path: RawPath): boolean {
  if (rules.base !== '' && !path.startsWith(`${rules.base}/`)) return false;
  const inside = rules.lead + (rules.base === '' ? path : path.slice(rules.base.length + 1));
  return rules.patterns.some((pattern) => pattern.test(inside));
}
