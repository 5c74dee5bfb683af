/** A real repository with hooks laid out as a case says, and what git and clew do there. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Context, openContext } from '../../../src/methods/context.ts';
import { makeFolder } from '../../scratch.ts';

export type LayoutCase = {
  readonly name: string;
  readonly hook?: 'post-commit';
  readonly inTree?: boolean;
  readonly hooksPath?: string;
  readonly globalHooksPath?: string;
  readonly noHooksFolder?: boolean;
  /** What a `git` on PATH says that it is. */
  readonly git?: string;
  readonly folders?: readonly string[];
  readonly files?: Readonly<Record<string, readonly [mode: string, text: string]>>;
  readonly links?: Readonly<Record<string, string>>;
  readonly changed: Readonly<Record<string, '+' | '~'>>;
  readonly routes: readonly string[];
};

export type Repository = {
  readonly root: string;
  readonly env: Record<string, string>;
  readonly context: Context;
  /** Exit code and everything that was printed. */
  git(...args: string[]): { readonly status: number | null; readonly said: string };
};

export function openRepository(it: Omit<LayoutCase, 'changed' | 'routes'>): Repository {
  const folder = makeFolder();
  const root = join(folder, "my project's 日本");
  const home = join(folder, 'home');
  for (const path of [root, home, join(folder, 'bin')]) mkdirSync(path);
  const env = {
    PATH: `${join(folder, 'bin')}:${process.env.PATH}`,
    HOME: home,
    CLEW_HOME: join(folder, 'state'),
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: 'a',
    GIT_AUTHOR_EMAIL: 'a@example.org',
    GIT_COMMITTER_NAME: 'a',
    GIT_COMMITTER_EMAIL: 'a@example.org',
  };
  const git = (...args: string[]) => {
    const real = { ...env, PATH: process.env.PATH ?? '' };
    const done = spawnSync('git', args, { cwd: root, env: real, encoding: 'utf8' });
    return { status: done.status, said: done.stdout + done.stderr };
  };
  git('init', '-q', '-b', 'main', '.');
  git('config', '--global', 'advice.ignoredHook', 'false');
  layOut(it, root);
  if (it.hooksPath !== undefined) git('config', 'core.hooksPath', it.hooksPath);
  if (it.globalHooksPath !== undefined)
    git('config', '--global', 'core.hooksPath', it.globalHooksPath);
  if (it.git !== undefined)
    writeFileSync(join(folder, 'bin', 'git'), `#!/bin/sh\necho git version ${it.git}\n`, {
      mode: 0o755,
    });
  const context = openContext({ folder: root, env });
  onTestFinished(() => context.close());
  return { root, env, context, git };
}

function layOut(it: Omit<LayoutCase, 'changed' | 'routes'>, root: string): void {
  const { noHooksFolder = false, folders = [], files = {}, links = {} } = it;
  if (noHooksFolder) rmSync(join(root, '.git', 'hooks'), { recursive: true });
  for (const path of folders) mkdirSync(join(root, path), { recursive: true });
  for (const [path, [mode, text]] of Object.entries(files)) {
    const whole = join(root, path);
    mkdirSync(dirname(whole), { recursive: true });
    writeFileSync(whole, text, 'latin1');
    chmodSync(whole, Number.parseInt(mode, 8));
  }
  for (const [path, target] of Object.entries(links))
    symlinkSync(target.replace('{root}', root), join(root, path));
}

/** Everything below the folders, with its mode and bytes. */
export function readTree(...folders: readonly string[]): Map<string, string> {
  const tree = new Map<string, string>();
  for (const folder of folders)
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
      const path = join(folder, name);
      const stat = lstatSync(path);
      const mode = stat.mode.toString(8);
      if (stat.isSymbolicLink()) tree.set(path, `link ${readlinkSync(path)}`);
      else if (stat.isFile()) tree.set(path, `${mode} ${readFileSync(path, 'latin1')}`);
      else tree.set(path, mode);
    }
  return tree;
}
