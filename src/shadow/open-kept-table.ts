/** The table of a folder without git from one run to the next: when it may be begun from, and when it is worth keeping. */
import { nameOf, type RawPath } from '../snapshot/raw-path.ts';
import type { Table } from '../snapshot/table.ts';
import type { WorkspacePort } from '../snapshot/workspace-port.ts';
import { loadTable, saveTable } from './keep-table.ts';

export type KeptTable = {
  /** That of the run before, while it can be believed. */
  load(): Table | undefined;
  /** Whether the table at hand comes from the run before, and other rules hold by now. */
  isSpoiltBy(changed: readonly RawPath[]): boolean;
  /** What was loaded is of no use. */
  refuse(): void;
  noteLook(): void;
  noteChanges(changed: readonly RawPath[]): void;
  isDue(): boolean;
  /** Without a table there is nothing to be kept by now. */
  save(table: Table | undefined): void;
};

/** Kept that often while it runs, and when it ends. */
const keepEveryMs = 60_000;

export function openKeptTable(file: string, workspace: WorkspacePort): KeptTable {
  /** Where there is an index of git's, that is the better place to begin from: it knows what is tracked. */
  const isKeeping = workspace.objects === undefined;
  let keptMs = Date.now();
  let isLooked = false;
  /** Ignore rules changed: what has rows would not get them again. */
  let isRuled = false;
  let isUsed = false;
  return {
    load() {
      const found = isKeeping ? loadTable(file, workspace.readIdentity()) : undefined;
      isRuled = false;
      isUsed = found !== undefined;
      return found;
    },
    isSpoiltBy: (changed) => isUsed && touchesRules(changed),
    refuse() {
      isUsed = false;
    },
    noteLook() {
      isLooked = true;
    },
    noteChanges(changed) {
      isRuled ||= touchesRules(changed);
    },
    isDue: () => keepEveryMs <= Date.now() - keptMs,
    save(table) {
      const isWorth = isKeeping && isLooked && !isRuled;
      keptMs = Date.now();
      isLooked = false;
      if (!table || !isWorth) return;
      try {
        saveTable(file, table, workspace.readIdentity());
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        // Without it the next run reads all files once more, and that is all.
        if (code === undefined) throw error;
      }
    },
  };
}

/** What has a row keeps it whatever is ignored later: under other rules, a table is to be made anew in the next run. */
function touchesRules(paths: readonly RawPath[]): boolean {
  return paths.some((path) => nameOf(path) === '.gitignore');
}
