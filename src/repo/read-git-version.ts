/** Asks the git that is on PATH for its version, in no repository and with nobody's settings. */
import { spawnSync } from 'node:child_process';
import { delimiter, isAbsolute } from 'node:path';

export type GitVersion = readonly [major: number, minor: number];

const timeoutMs = 5000;

/** Undefined without git. Folders of the workspace are not looked into: no program of it is run. */
export function readGitVersion(path: string, workspace: string): GitVersion | undefined {
  const folders = path
    .split(delimiter)
    .filter((it) => isAbsolute(it) && it !== workspace && !it.startsWith(`${workspace}/`));
  const { stdout } = spawnSync('git', ['version'], {
    cwd: '/',
    env: {
      PATH: folders.join(delimiter),
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      LC_ALL: 'C',
    },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: timeoutMs,
  });
  const [, major, minor] = /^git version (\d+)\.(\d+)/.exec(stdout ?? '') ?? [];
  return major === undefined || minor === undefined ? undefined : [Number(major), Number(minor)];
}
