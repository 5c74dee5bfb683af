/** Programs that show what is in files, and which of their words are files. */

export type Reader = {
  /** Words before the first file: a script, a pattern. */
  readonly skips?: number;
  /** Options that bring what would be skipped themselves. */
  readonly instead?: readonly string[];
  /** Options that take the next word, unless it is joined to them. */
  readonly takes?: readonly string[];
  /** With one of these it writes, or shows nothing of what is inside. */
  readonly never?: readonly string[];
  /** `-3` is an option of it, and `+3` one of tail. */
  readonly hasPlus?: boolean;
  /** A script that can write: what it must not have in it. */
  readonly refuses?: RegExp;
};

const grep: Reader = {
  skips: 1,
  instead: ['-e', '-f', '--regexp', '--file'],
  takes: ['-e', '-f', '-m', '-A', '-B', '-C', '-d', '-D', '--regexp', '--file', '--max-count'],
  never: ['-q', '--quiet', '--silent', '-c', '--count', '-l', '-L', '--files-with-matches'],
};
const ripgrep: Reader = {
  ...grep,
  takes: [...(grep.takes ?? []), '-g', '-t', '-T', '-r', '-j', '-M', '--glob', '--type', '-E'],
  never: [...(grep.never ?? []), '--files', '--type-list'],
};
const head: Reader = {
  takes: ['-n', '-c', '--lines', '--bytes', '-s', '--pid'],
  hasPlus: true,
};
const awk: Reader = {
  skips: 1,
  instead: ['-f', '--file'],
  takes: ['-F', '-v', '-f', '--field-separator', '--assign', '--file', '-e', '-i', '-l'],
  never: ['-i', '--include'],
  refuses: /\bprintf?\b[^;}\n]*>|(?<!\|)\|(?!\|)|\bsystem\s*\(|\bgetline\b/,
};
const bat: Reader = {
  takes: [
    '-l',
    '-r',
    '-H',
    '--language',
    '--line-range',
    '--style',
    '--theme',
    '--paging',
    '--color',
  ],
};
const plain: Reader = {};

export const readers: ReadonlyMap<string, Reader> = new Map([
  ['cat', plain],
  ['tac', plain],
  ['nl', { takes: ['-b', '-d', '-f', '-h', '-i', '-l', '-n', '-s', '-v', '-w'] }],
  ['bat', bat],
  ['batcat', bat],
  [
    'less',
    {
      takes: ['-p', '-j', '-x', '-y', '-z', '-b', '-h', '-t', '-T'],
      never: ['-o', '-O'],
      hasPlus: true,
    },
  ],
  ['more', { takes: ['-n'], hasPlus: true }],
  ['head', head],
  ['tail', head],
  [
    'sed',
    {
      skips: 1,
      instead: ['-e', '-f', '--expression', '--file'],
      takes: ['-e', '-f', '-l', '--expression', '--file', '--line-length'],
      never: ['-i', '--in-place'],
      refuses: /(^|[;{}\s\d/$])[wW]\s+\S|\/w\s/,
    },
  ],
  ['awk', awk],
  ['gawk', awk],
  ['mawk', awk],
  ['grep', grep],
  ['egrep', grep],
  ['fgrep', grep],
  ['zgrep', grep],
  ['rg', ripgrep],
  ['ag', ripgrep],
  ['wc', plain],
  [
    'diff',
    {
      takes: ['-U', '-C', '-I', '-x', '-X', '-L', '-F', '-W', '--label'],
      never: ['-q', '--brief'],
    },
  ],
  ['colordiff', { takes: ['-U', '-C', '-I', '-x', '-L'] }],
  ['cmp', { takes: ['-i', '-n'], never: ['-s', '--quiet', '--silent'] }],
  ['comm', plain],
  ['cut', { takes: ['-d', '-f', '-c', '-b', '--delimiter', '--fields'] }],
  ['sort', { takes: ['-k', '-t', '-S', '-T'], never: ['-o', '--output', '-c', '-C'] }],
  ['uniq', { takes: ['-f', '-s', '-w'] }],
  ['paste', { takes: ['-d'] }],
  ['fold', { takes: ['-w'] }],
  ['rev', plain],
  ['column', { takes: ['-s', '-o', '-c', '-N'] }],
  ['xxd', { takes: ['-l', '-s', '-c', '-g', '-o'], never: ['-r'] }],
  ['hexdump', { takes: ['-n', '-s', '-e', '-f'] }],
  ['od', { takes: ['-A', '-j', '-N', '-t', '-w'] }],
  ['strings', { takes: ['-n', '-t', '-e'] }],
  [
    'jq',
    {
      skips: 1,
      instead: ['-f', '--from-file'],
      takes: ['-f', '--from-file', '--indent', '-L'],
      never: ['-n', '--null-input', '--arg', '--argjson', '--args', '--slurpfile', '--rawfile'],
    },
  ],
  ['yq', { skips: 1, takes: ['-o', '-p', '-I'], never: ['-i', '--inplace', '-n', '--null-input'] }],
]);

/** Programs that run another one, and what of their own they take before its name. */
export const wrappers: ReadonlyMap<
  string,
  { readonly takes: readonly string[]; readonly skips?: number }
> = new Map([
  ['command', { takes: [] }],
  ['builtin', { takes: [] }],
  ['exec', { takes: ['-a'] }],
  ['nohup', { takes: [] }],
  ['time', { takes: ['-f', '-o'] }],
  ['nice', { takes: ['-n'] }],
  ['ionice', { takes: ['-c', '-n'] }],
  ['stdbuf', { takes: ['-i', '-o', '-e'] }],
  ['env', { takes: ['-u', '-C', '--unset'] }],
  ['sudo', { takes: ['-u', '-g', '-h', '-p'] }],
  ['timeout', { takes: ['-s', '-k', '--signal', '--kill-after'], skips: 1 }],
]);

export const shells: ReadonlySet<string> = new Set(['bash', 'sh', 'zsh', 'dash', 'ksh', 'ash']);
