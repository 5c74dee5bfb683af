/** Finds the workspace that a folder belongs to, by looking at names on the disk; no git is run. */
import { readFileSync, realpathSync, type Stats, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Failure } from '../errors.ts';

export type Workspace = {
  /** Real path. */
  readonly root: string;
  readonly gitDir?: string;
  /** Where the branches are: another folder than gitDir in a linked worktree. */
  readonly gitCommonDir?: string;
  /** It is a linked worktree. */
  readonly linked: boolean;
};

/** A `.git` file is one line; anything longer is something else. */
const gitFileLimitBytes = 8 * 1024;

/**
 * The nearest folder with a `.git`; without one, the nearest that has state already; without one,
 * the folder itself.
 */
export function locateWorkspace(
  folder: string,
  hasState: (folder: string) => boolean = () => false,
): Workspace {
  const start = realFolder(folder);
  const above = [...ancestors(start)];
  for (const root of above) {
    const git = readGitEntry(root);
    if (git !== undefined) return { root, ...git };
  }
  return { root: above.find(hasState) ?? start, linked: false };
}

function realFolder(folder: string): string {
  try {
    const real = realpathSync(folder);
    if (statSync(real).isDirectory()) return real;
  } catch (cause) {
    const isGone = ['ENOENT', 'ENOTDIR'].includes((cause as NodeJS.ErrnoException).code ?? '');
    const what = isGone ? `there is no folder ${folder}` : `${folder} cannot be looked into`;
    const hint = 'name a folder that exists and that you may read';
    throw new Failure('no-workspace', what, { data: { folder }, hint, cause });
  }
  const hint = 'name the folder that it is in';
  throw new Failure('no-workspace', `${folder} is no folder`, { data: { folder }, hint });
}

function* ancestors(folder: string): Generator<string> {
  for (let at = folder; ; at = dirname(at)) {
    yield at;
    if (at === dirname(at)) return;
  }
}

/** A `.git` that is not what git would take for a repository is passed by, as git does. */
function readGitEntry(root: string): Omit<Workspace, 'root'> | undefined {
  const path = join(root, '.git');
  const found = statIfAny(path);
  if (found?.isDirectory()) return readGitDir(path);
  if (!found?.isFile() || gitFileLimitBytes < found.size) return undefined;
  const named = /^gitdir: (.+?)\r?\n?$/s.exec(readFileSync(path, 'utf8'))?.[1];
  return named === undefined ? undefined : readGitDir(resolve(root, named));
}

function readGitDir(gitDir: string): Omit<Workspace, 'root'> | undefined {
  if (!statIfAny(join(gitDir, 'HEAD'))?.isFile()) return undefined;
  const common = join(gitDir, 'commondir');
  const found = statIfAny(common);
  const real = realpathSync(gitDir);
  if (!found?.isFile() || gitFileLimitBytes < found.size)
    return { gitDir: real, gitCommonDir: real, linked: false };
  const named = resolve(real, readFileSync(common, 'utf8').replace(/\r?\n$/, ''));
  if (!statIfAny(named)?.isDirectory()) return { gitDir: real, linked: true };
  return { gitDir: real, gitCommonDir: realpathSync(named), linked: true };
}

/** Undefined also where we may not look: what cannot be seen is not there for us. */
function statIfAny(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== undefined && expected.has(code)) return undefined;
    throw error;
  }
}

const expected = new Set(['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'ELOOP', 'ENAMETOOLONG']);
