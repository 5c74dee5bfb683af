/** Finds where git looks for hooks: core.hooksPath in all the files git would read, without git. */
import { readFileSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { type GitConfig, isTrue, readGitConfig } from '../snapshot/git-config.ts';

export type HooksPath = {
  readonly value: string;
  /** The file that says so, or that includes the one that does. */
  readonly file: string;
};

type Environment = Readonly<Record<string, string | undefined>>;

export type ConfigPlaces = {
  readonly gitDir: string;
  readonly commonDir: string;
  readonly env: Environment;
};

const depthLimit = 10;

/** The last file that sets it wins. A condition of an include is not judged: it counts as true. */
export function readHooksPath({ gitDir, commonDir, env }: ConfigPlaces): HooksPath | undefined {
  const local = join(commonDir, 'config');
  const own = readWhole(local, env, 0);
  const perTree = isTrue(own?.get('extensions.worktreeconfig'));
  const files = [...outerFiles(env), local, ...(perTree ? [join(gitDir, 'config.worktree')] : [])];
  let found: HooksPath | undefined;
  for (const file of files) {
    const value = readWhole(file, env, 0)?.get('core.hookspath');
    if (value !== undefined && value !== '') found = { value: expandHome(value, env), file };
  }
  return found;
}

function outerFiles(env: Environment): string[] {
  const home = env['HOME'] ?? '';
  const xdg = env['XDG_CONFIG_HOME'] || join(home, '.config');
  const system = isTrue(env['GIT_CONFIG_NOSYSTEM'])
    ? []
    : [env['GIT_CONFIG_SYSTEM'] ?? '/etc/gitconfig'];
  const named = env['GIT_CONFIG_GLOBAL'];
  const global =
    named === undefined ? [join(xdg, 'git', 'config'), join(home, '.gitconfig')] : [named];
  return [...system, ...global].filter((it) => isAbsolute(it));
}

function readWhole(file: string, env: Environment, depth: number): GitConfig | undefined {
  const texts: string[] = [];
  gather(file, env, depth, texts);
  return texts.length === 0 ? undefined : readGitConfig(texts);
}

function gather(file: string, env: Environment, depth: number, texts: string[]): void {
  const text = readText(file);
  if (text === undefined || depthLimit < depth) return;
  for (const path of readGitConfig([text]).includes)
    gather(resolve(dirname(file), expandHome(path, env)), env, depth + 1, texts);
  texts.push(text);
}

function expandHome(path: string, env: Environment): string {
  return path.startsWith('~/') ? join(env['HOME'] ?? '/', path.slice(2)) : path;
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Not there, or not ours to read: git would go on without it as well.
    if (code === undefined) throw error;
    return undefined;
  }
}
