/** The intents of restores: each stands on the disk before anything is changed, until it is done; then as a record of that. */
import { existsSync, readdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readJson } from '../journal/json.ts';
import type { RestoreStep } from '../snapshot/restore-step.ts';
import { dropFile, syncFolder, writeSynced } from './write-file.ts';

export type Intent = {
  readonly v: 1;
  readonly id: string;
  readonly root: string;
  /** Inode and birth of the root: a folder that only moved is still the one that was being restored. */
  readonly folder?: string;
  /** README and Readme were one name then; a folder with nothing left in it does not tell. */
  readonly folds?: boolean;
  readonly steps: readonly RestoreStep[];
  /** Folders to be made, and what rights they are to have in the end. */
  readonly making?: readonly (readonly [path: string, rights: number])[];
};

export type Intents = {
  /** What is meant to be done here; not on the disk yet. */
  draft(id: string, folds: boolean, steps: readonly RestoreStep[]): Intent;
  write(intent: Intent): void;
  /** All that are still to be done here. */
  list(): Intent[];
  markDone(id: string): void;
  /** As if it had never been meant. */
  drop(id: string): void;
  /** Under another name: it must not keep everything else from working. */
  setAside(id: string): void;
  /** The same was asked before, and only the answer did not arrive. */
  isDone(id: string, steps: readonly RestoreStep[]): boolean;
};

export function openIntents(folder: string, root: string): Intents {
  const mark = markOf(root);
  const fileOf = (id: string) => join(folder, `${id}.intent`);
  const recordOf = (id: string) => join(folder, `${id}.done`);

  function isHere(intent: Intent): boolean {
    return intent.folder === undefined ? intent.root === root : intent.folder === mark;
  }

  return {
    draft: (id, folds, steps) => ({ v: 1, id, root, folder: mark, folds, steps }),
    write(intent) {
      const temp = `${fileOf(intent.id)}.tmp`;
      dropFile(temp);
      writeSynced(temp, Buffer.from(JSON.stringify(intent)), 0o600);
      renameSync(temp, fileOf(intent.id));
      syncFolder(folder);
    },
    list() {
      const found: Intent[] = [];
      for (const name of readdirSync(folder).sort()) {
        if (!name.endsWith('.intent')) continue;
        const file = join(folder, name);
        const intent = readIntent(file);
        if (intent === undefined) setAside(file);
        if (intent && isHere(intent)) found.push(intent);
      }
      return found;
    },
    markDone(id) {
      renameSync(fileOf(id), recordOf(id));
      syncFolder(folder);
    },
    drop(id) {
      dropFile(`${fileOf(id)}.tmp`);
      dropFile(fileOf(id));
      syncFolder(folder);
    },
    setAside: (id) => setAside(fileOf(id)),
    isDone(id, steps) {
      const file = recordOf(id);
      return existsSync(file) && JSON.stringify(readIntent(file)?.steps) === JSON.stringify(steps);
    },
  };
}

/** Undefined when it is damaged. */
function readIntent(file: string): Intent | undefined {
  return readJson(readFileSync(file, 'utf8')) as Intent | undefined;
}

function setAside(file: string): void {
  renameSync(file, file.replace(/\.intent$/, '.bad'));
}

function markOf(root: string): string {
  const { ino, birthtimeNs } = statSync(root, { bigint: true });
  return `${ino} ${birthtimeNs}`;
}
