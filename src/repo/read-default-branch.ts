/** Which branch of a repository is the one that everybody builds on; no git is run. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasBranch } from './has-branch.ts';
import { withoutMissing } from './without-missing.ts';

const usual = ['main', 'master', 'trunk'];

/** What the remote called origin says, or the first of the usual names that there is. */
export function readDefaultBranch(commonDir: string): string | undefined {
  const path = join(commonDir, 'refs', 'remotes', 'origin', 'HEAD');
  const text = withoutMissing(() => readFileSync(path, 'utf8')) ?? '';
  const named = /^ref:\s*refs\/remotes\/origin\/(\S+)\s*$/.exec(text)?.[1];
  return named ?? usual.find((it) => hasBranch(commonDir, it));
}
