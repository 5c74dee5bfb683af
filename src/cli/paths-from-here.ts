/** Paths as people type them: meant from the folder that they are in. */
import { realpathSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import type { Io } from './io.ts';

export function fromHere({ cwd }: Pick<Io, 'cwd'>, paths: readonly string[]): string[] {
  return paths.map((it) => resolve(cwd, it));
}

/** The other way round: a path of the workspace, as it is typed here. */
export function openPathsToHere({ cwd }: Pick<Io, 'cwd'>, root: string): (path: string) => string {
  const here = realpathSync(cwd);
  return (path) => relative(here, join(root, path)) || '.';
}
