/** What checkpoints are held against: the ways to take one with git itself. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

function git(env: Record<string, string>, root: string, ...args: string[]): string {
  const { PATH = '' } = process.env;
  return execFileSync(
    'git',
    ['-c', 'user.name=b', '-c', 'user.email=b@b', '-c', 'gc.auto=0', ...args],
    {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 1 << 30,
      env: { PATH, HOME: '/nonexistent', GIT_CONFIG_NOSYSTEM: '1', ...env },
    },
  ).trim();
}

/** A shadow repository of its own, `add -A` and commit. */
export function openNative(gitDir: string, root: string) {
  const env = { GIT_DIR: gitDir, GIT_WORK_TREE: root };
  git(env, root, 'init', '-q');
  return {
    take() {
      git(env, root, 'add', '-A');
      git(env, root, 'commit', '-qm', 'x', '--allow-empty');
    },
    restore: () => git(env, root, 'reset', '-q', '--hard', 'HEAD~1'),
  };
}

/** A temporary index over the user's own repository: read-tree, add, write-tree, commit-tree. */
export function openGhost(folder: string, root: string) {
  const env = { GIT_INDEX_FILE: join(folder, 'ghost-index') };
  return {
    take() {
      rmSync(env.GIT_INDEX_FILE, { force: true });
      git(env, root, 'read-tree', 'HEAD');
      git(env, root, 'add', '-A');
      git(env, root, 'commit-tree', git(env, root, 'write-tree'), '-m', 'x');
    },
  };
}

/** A shadow that borrows the user's objects and starts from a copy of the user's index. */
export function openSeeded(folder: string, root: string) {
  const dir = join(folder, 'seeded.git');
  const env = { GIT_DIR: dir, GIT_WORK_TREE: root };
  const take = () => {
    git(env, root, 'add', '-A');
    git(env, root, 'commit', '-qm', 'x', '--allow-empty');
  };
  return {
    baseline() {
      mkdirSync(join(dir, 'objects/info'), { recursive: true });
      git(env, root, 'init', '-q');
      writeFileSync(join(dir, 'objects/info/alternates'), `${join(root, '.git/objects')}\n`);
      execFileSync('cp', [join(root, '.git/index'), join(dir, 'index')]);
      take();
    },
    take,
  };
}
