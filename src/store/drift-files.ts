/** Where a workspace keeps on what ground each of its sessions stands: one small file each. */
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { openSharedFile, type SharedFile } from './shared-file.ts';
import type { WorkspaceFolder } from './state-folder.ts';

export type DriftFiles = {
  of(session: string): SharedFile;
  /** Sessions, the one that was last at work first. */
  list(): readonly string[];
  /** Forgets those that nobody has worked in for long. */
  prune(): void;
};

const ending = '.json';
const keepFiles = 500;

export function openDriftFiles({ path }: Pick<WorkspaceFolder, 'path'>): DriftFiles {
  const folder = join(path, 'drift');
  const nameOf = (session: string) => join(folder, `${session}${ending}`);

  function list(): string[] {
    const names = readNames(folder).filter((it) => it.endsWith(ending));
    const timed = names.map((name) => ({
      session: name.slice(0, -ending.length),
      at: statSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs ?? 0,
    }));
    return timed.sort((a, b) => b.at - a.at).map((it) => it.session);
  }

  return {
    list,
    of(session) {
      // It becomes a name, and comes from our own ids only.
      if (!/^[0-9A-Za-z-]+$/.test(session)) throw new Error(`no name for a session: ${session}`);
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      return openSharedFile(nameOf(session));
    },
    prune() {
      for (const session of list().slice(keepFiles)) rmSync(nameOf(session), { force: true });
    },
  };
}

function readNames(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
