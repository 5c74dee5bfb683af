/** Sees by the files that git leaves whether an operation of several steps is going on. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { InProgress } from '../drift/fold-moves.ts';
import { readTableStack } from './read-table-stack.ts';

const signs: readonly (readonly [string, InProgress])[] = [
  ['rebase-merge', 'rebase'],
  ['rebase-apply', 'rebase'],
  ['MERGE_HEAD', 'merge'],
  ['CHERRY_PICK_HEAD', 'cherry-pick'],
  ['REVERT_HEAD', 'revert'],
  ['BISECT_LOG', 'bisect'],
];

export function readOperation(gitDir: string): InProgress | undefined {
  const found = signs.find(([name]) => existsSync(join(gitDir, name)))?.[1];
  if (found !== undefined) return found;
  // Those that name a commit and nothing else are refs.
  const stack = readTableStack(gitDir);
  return stack && signs.find(([name]) => stack.value(name) !== undefined)?.[1];
}
