/** What a repository's ignore files leave out: .gitignore lines read and judged as git does. */
import { folderOf, type RawPath } from './raw-path.ts';

type Rule = { readonly pattern: RegExp; readonly negated: boolean; readonly folderOnly: boolean };

/** The rules of one folder, behind them those of the folders above. */
export type IgnoreRules = {
  readonly base: RawPath;
  /** For a file above the workspace: the way from its folder to the workspace, '' or with a slash at its end. */
  readonly lead: RawPath;
  readonly rules: readonly Rule[];
  readonly above?: IgnoreRules | undefined;
};

/** `text` has one character a byte. `base` is the folder the file lies in, relative to the workspace. */
export function readIgnoreRules(
  text: string,
  base: RawPath,
  above?: IgnoreRules,
  lead: RawPath = '',
): IgnoreRules {
  const rules: Rule[] = [];
  const bare = text.startsWith('\xef\xbb\xbf') ? text.slice(3) : text;
  for (const line of bare.split('\n')) {
    const rule = readRule(line.endsWith('\r') ? line.slice(0, -1) : line);
    if (rule) rules.push(rule);
  }
  return { base, lead, rules, above };
}

/** Whether this one name is left out. Folders above it are the caller's business: it never walks into them. */
export function isIgnored(
  rules: IgnoreRules | undefined,
  path: RawPath,
  isFolder: boolean,
): boolean {
  for (let level = rules; level; level = level.above) {
    const inside = level.lead + (level.base === '' ? path : path.slice(level.base.length + 1));
    for (let at = level.rules.length - 1; at >= 0; at -= 1) {
      const rule = level.rules[at];
      if (!rule || (rule.folderOnly && !isFolder)) continue;
      if (rule.pattern.test(inside)) return !rule.negated;
    }
  }
  return false;
}

/** The same, asked from far away: a path is left out too when a folder above it is. */
export function isLeftOut(
  rulesOf: (folder: RawPath) => IgnoreRules | undefined,
  path: RawPath,
  isFolder: boolean,
): boolean {
  const above = folderOf(path);
  if (above !== '' && isLeftOut(rulesOf, above, true)) return true;
  return isIgnored(rulesOf(above), path, isFolder);
}

function readRule(line: string): Rule | undefined {
  let pattern = trimEnd(line);
  if (pattern === '' || pattern.startsWith('#')) return undefined;
  const negated = pattern.startsWith('!');
  if (negated) pattern = pattern.slice(1);
  const folderOnly = pattern.endsWith('/');
  if (folderOnly) pattern = pattern.slice(0, -1);
  if (pattern === '') return undefined;
  const anchored = pattern.includes('/');
  if (pattern.startsWith('/')) pattern = pattern.slice(1);
  const source = anchored ? writePathGlob(pattern) : writeGlob(pattern);
  if (source === undefined) return undefined;
  return {
    pattern: new RegExp(anchored ? `^${source}$` : `(?:^|/)${source}$`, 's'),
    negated,
    folderOnly,
  };
}

/** Trailing spaces go unless escaped; tabs stay, as in git. */
function trimEnd(line: string): string {
  let end = line.length;
  while (end > 0 && line[end - 1] === ' ') {
    let slashes = 0;
    while (end - 2 - slashes >= 0 && line[end - 2 - slashes] === '\\') slashes += 1;
    if (slashes % 2 === 1) break;
    end -= 1;
  }
  return line.slice(0, end);
}

/**
 * A glob for a whole path. Git compares what stands before the first wildcard letter by letter and
 * matches only the rest as a glob, so that stars right after it open that rest: `a**` + `/x` leaves out a/b/x.
 */
export function writePathGlob(glob: string): string | undefined {
  const wild = /[*?[\\]/.exec(glob)?.index ?? glob.length;
  const rest = writeGlob(glob.slice(wild));
  return rest === undefined ? undefined : [...glob.slice(0, wild)].map(quote).join('') + rest;
}

/** A glob as the source of a regular expression; undefined when the glob can match nothing. */
export function writeGlob(glob: string): string | undefined {
  let source = '';
  for (let at = 0; at < glob.length; ) {
    const part = readStars(glob, at) ?? readPiece(glob, at);
    if (!part) return undefined;
    source += part.source;
    at = part.next;
  }
  return source;
}

type Part = { readonly source: string; readonly next: number };

function readStars(glob: string, at: number): Part | undefined {
  if (glob[at] !== '*') return undefined;
  let next = at;
  while (glob[next] === '*') next += 1;
  const opens = at === 0 || glob[at - 1] === '/';
  if (next - at >= 2 && opens && glob[next] === '/') return { source: '(?:.*/)?', next: next + 1 };
  const closes = next === glob.length || glob.startsWith('\\/', next);
  if (next - at >= 2 && opens && closes) return { source: '.*', next };
  return { source: '[^/]*', next };
}

function readPiece(glob: string, at: number): Part | undefined {
  const character = glob[at] ?? '';
  if (character === '?') return { source: '[^/]', next: at + 1 };
  if (character === '[') return readClass(glob, at);
  if (character !== '\\') return { source: quote(character), next: at + 1 };
  const literal = glob[at + 1];
  return literal === undefined ? undefined : { source: quote(literal), next: at + 2 };
}

const classes: Readonly<Record<string, string>> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  blank: ' \\t',
  cntrl: '\\0-\\x1f\\x7f',
  digit: '0-9',
  graph: '!-~',
  lower: 'a-z',
  print: ' -~',
  punct: '!-\\/:-@\\[-`{-~',
  space: '\\s',
  upper: 'A-Z',
  xdigit: '0-9A-Fa-f',
};

function readClass(glob: string, at: number): Part | undefined {
  let next = at + 1;
  const negated = glob[next] === '!' || glob[next] === '^';
  if (negated) next += 1;
  let inside = '';
  for (let first = true; first || glob[next] !== ']'; first = false) {
    const member = readMember(glob, next);
    if (!member) return undefined;
    inside += member.source;
    next = member.next;
  }
  return { source: `(?!/)[${negated ? '^' : ''}${inside}]`, next: next + 1 };
}

function readMember(glob: string, at: number): Part | undefined {
  const named = /^\[:([a-z]+):\]/.exec(glob.slice(at, at + 12));
  if (named) {
    const source = classes[named[1] ?? ''];
    return source === undefined ? undefined : { source, next: at + named[0].length };
  }
  const low = readLiteral(glob, at);
  if (!low) return undefined;
  if (glob[low.next] !== '-' || glob[low.next + 1] === ']' || glob[low.next + 1] === undefined) {
    return { source: quote(low.source), next: low.next };
  }
  const high = readLiteral(glob, low.next + 1);
  if (!high) return undefined;
  const source = low.source > high.source ? '' : `${quote(low.source)}-${quote(high.source)}`;
  return { source, next: high.next };
}

function readLiteral(glob: string, at: number): Part | undefined {
  const escaped = glob[at] === '\\';
  const source = glob[escaped ? at + 1 : at];
  return source === undefined ? undefined : { source, next: at + (escaped ? 2 : 1) };
}

function quote(character: string): string {
  return /[\\^$.*+?()[\]{}|/-]/.test(character) ? `\\${character}` : character;
}
