/** Whether a repository has a branch of that name; no git is run. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readTableStack } from './read-table-stack.ts';
import { withoutMissing } from './without-missing.ts';

export function hasBranch(commonDir: string, name: string): boolean {
  // A name is a path in the folder of refs, and must stay in it.
  if (name.split('/').some((it) => it === '..' || it === '')) return false;
  const stack = readTableStack(commonDir);
  if (stack !== undefined) return stack.value(`refs/heads/${name}`) !== undefined;
  const isLoose = withoutMissing(() => statSync(join(commonDir, 'refs', 'heads', name)).isFile());
  if (isLoose === true) return true;
  const packed = withoutMissing(() => readFileSync(join(commonDir, 'packed-refs'), 'utf8')) ?? '';
  return packed.includes(` refs/heads/${name}\n`);
}
