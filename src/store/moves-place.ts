/** Where a workspace keeps how far its repository was read, and what became of those who read it. */
import { join } from 'node:path';
import type { Event } from '../contract/types.gen.ts';
import { listJournals } from './journal-names.ts';
import { readJournalFile } from './journal-reader.ts';
import { readLeases } from './lease.ts';
import { openSharedFile, type SharedFile } from './shared-file.ts';
import type { WorkspaceFolder } from './state-folder.ts';

export type MovesPlace = {
  readonly file: SharedFile;
  isRunning(writer: string): boolean;
  /** From its last files: for the rare case that it died. */
  lastOf(writer: string): readonly Event[];
};

const lastFiles = 2;

export function openMovesPlace({ path, journal }: WorkspaceFolder): MovesPlace {
  return {
    file: openSharedFile(join(path, 'moves.json')),
    isRunning: (writer) =>
      readLeases(journal).some((it) => it.writer === writer && it.state !== 'stale'),
    lastOf: (writer) =>
      listJournals(journal)
        .filter((it) => it.writer === writer)
        .slice(-lastFiles)
        .flatMap((it) => [...readJournalFile(it.path)])
        .flatMap((it) => ('entry' in it ? [it.entry.event] : [])),
  };
}
