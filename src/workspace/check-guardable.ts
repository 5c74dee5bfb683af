/** Whether a folder is one that checkpoints should be taken of: a home folder or a whole disk is not. */

import { realpathSync } from 'node:fs';
import { dirname, isAbsolute, parse } from 'node:path';
import { Failure } from '../errors.ts';

export type Guarding = {
  /** The home folders of those who may be sitting here. */
  readonly homes: readonly string[];
  /** Somebody has said that it is meant. */
  readonly isForced?: boolean;
};

/** `root`: real path. A repository in the home folder itself, as some keep their settings, needs the word too. */
export function checkGuardable(root: string, { homes, isForced = false }: Guarding): void {
  if (isForced) return;
  // HOME may be empty, and then names no folder.
  const why = judgeRoot(root, homes.filter(isAbsolute).map(readReal));
  if (why === undefined) return;
  throw new Failure('no-workspace', `${root} is ${why}: no checkpoints are taken of it`, {
    data: { root, why },
    hint: 'start it in the folder of a project; if it is meant: --any-folder, or CLEW_ANY_FOLDER=1',
  });
}

function judgeRoot(root: string, homes: readonly string[]): string | undefined {
  if (root === parse(root).root) return 'the whole disk';
  if (homes.includes(root)) return 'a home folder';
  return homes.some((home) => isAbove(root, home)) ? 'a folder of home folders' : undefined;
}

function isAbove(folder: string, other: string): boolean {
  for (let at = dirname(other); ; at = dirname(at)) {
    if (at === folder) return true;
    if (at === dirname(at)) return false;
  }
}

function readReal(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // A home that is not there, or that we may not see, can still be named.
    if (code === undefined) throw error;
    return path;
  }
}
