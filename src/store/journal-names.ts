/** The names of journal files: `<writer>-0001.ndjson`, counted per writer. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

export type JournalName = {
  readonly writer: string;
  /** Counted from 1. */
  readonly file: number;
  readonly name: string;
};

const shape = /^([0-9A-Za-z]+)-(\d{4,})\.ndjson$/;

export function journalName(writer: string, file: number): string {
  return `${writer}-${String(file).padStart(4, '0')}.ndjson`;
}

export function parseJournalName(name: string): JournalName | undefined {
  const parts = shape.exec(name);
  return parts === null ? undefined : { writer: parts[1] ?? '', file: Number(parts[2]), name };
}

/** By writer, then in the order in which the writer wrote them. */
export function listJournals(folder: string): (JournalName & { readonly path: string })[] {
  const names = readNames(folder).map(parseJournalName);
  return names
    .filter((it) => it !== undefined)
    .map((it) => ({ ...it, path: join(folder, it.name) }))
    .sort((a, b) => compare(a.writer, b.writer) || a.file - b.file);
}

/** A folder that is not there holds nothing. */
export function readNames(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
