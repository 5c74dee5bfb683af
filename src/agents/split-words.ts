/** Tells options from plain words in a command line that is another program's. */

export type SplitWords = {
  readonly plain: readonly string[];
  /** With their dashes; the value that was last given. */
  readonly options: ReadonlyMap<string, string | true>;
};

/** `takes`: options that take the next word, unless it is joined to them by `=`. */
export function splitWords(words: readonly string[], takes: ReadonlySet<string>): SplitWords {
  const plain: string[] = [];
  const options = new Map<string, string | true>();
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] as string;
    if (word === '--') return { plain: [...plain, ...words.slice(at + 1)], options };
    if (!word.startsWith('-') || word === '-') plain.push(word);
    else {
      const [name = word, ...rest] = word.split('=');
      if (0 < rest.length) options.set(name, rest.join('='));
      else if (takes.has(name)) {
        at += 1;
        options.set(name, words[at] ?? '');
      } else options.set(name, true);
    }
  }
  return { plain, options };
}

/** The words after the program, which may itself be started by another one: npx, node, a wrapper. */
export function wordsAfter(command: readonly string[], program: RegExp): readonly string[] {
  // Under a name that nobody knows, it is the first word.
  return command.slice(Math.max(0, findProgram(command, program)) + 1);
}

/** How many words may stand before the program: of npx, of wrappers with options of their own. */
const wrapperWords = 10;

export function findProgram(command: readonly string[], program: RegExp): number {
  return command.slice(0, wrapperWords).findIndex((it) => program.test(it));
}

/** As far as names go. */
export function joinPath(folder: string, path: string): string {
  if (path.startsWith('/') || /^[A-Za-z]:[\\/]/.test(path)) return path;
  return path === '' || path === '.' ? folder : `${folder.replace(/\/$/, '')}/${path}`;
}
