/** Which branch of a repository is the one that everybody builds on; no git is run. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasBranch } from './has-branch.ts';
import { readTableStack } from './read-table-stack.ts';
import { withoutMissing } from './without-missing.ts';

const usual = ['main', 'master', 'trunk'];

/** What the remote called origin says, or the first of the usual names that there is. */
export function readDefaultBranch(commonDir: string): string | undefined {
  const target = readOriginHead(commonDir);
  const named = /^refs\/remotes\/origin\/(\S+)$/.exec(target ?? '')?.[1];
  return named ?? usual.find((it) => hasBranch(commonDir, it));
}

/** The ref that it stands for. */
function readOriginHead(commonDir: string): string | undefined {
  const ref = 'refs/remotes/origin/HEAD';
  const value = readTableStack(commonDir)?.value(ref);
  if (value !== undefined) return value.kind === 'symbolic' ? value.target : undefined;
  const text = withoutMissing(() => readFileSync(join(commonDir, ref), 'utf8')) ?? '';
  return /^ref:\s*(\S+)\s*$/.exec(text)?.[1];
}
