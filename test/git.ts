/** Runs the real git, as nobody in particular and with nobody's settings. */
import { execFileSync } from 'node:child_process';

export const gitEnv = {
  PATH: process.env['PATH'] ?? '',
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: 'a',
  GIT_AUTHOR_EMAIL: 'a@example.org',
  GIT_COMMITTER_NAME: 'a',
  GIT_COMMITTER_EMAIL: 'a@example.org',
};

export function git(folder: string, ...args: string[]): string {
  const how = { cwd: folder, env: gitEnv, encoding: 'utf8', stdio: 'pipe' } as const;
  return execFileSync('git', args, how).trim();
}
