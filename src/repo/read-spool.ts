/** Reads what hooks wrote, and takes away what was read. */
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseSpoolFile, type SpoolLine } from '../drift/spool-line.ts';
import { spoolPath } from '../hooking/layout.ts';
import { withoutMissing } from './without-missing.ts';

export type SpoolReading = {
  readonly lines: readonly SpoolLine[];
  /** Of the files that the lines are from. */
  readonly names: readonly string[];
  /** Of files without their end: still being written, or never more. */
  readonly torn: readonly string[];
};

/** Only of this worktree: what others wrote is for those who watch them. */
export function readSpool(commonDir: string, worktree: string | undefined): SpoolReading {
  const folder = spoolPath(commonDir);
  const lines: SpoolLine[] = [];
  const names: string[] = [];
  const torn: string[] = [];
  for (const name of withoutMissing(() => readdirSync(folder)) ?? []) {
    const text = withoutMissing(() => readFileSync(join(folder, name), 'utf8'));
    const line = text === undefined ? undefined : parseSpoolFile(text);
    if (line === undefined) torn.push(name);
    else if (line.worktree === worktree) {
      lines.push(line);
      names.push(name);
    }
  }
  return { lines, names, torn };
}

export function clearSpool(commonDir: string, names: readonly string[]): void {
  for (const name of names) withoutMissing(() => rmSync(join(spoolPath(commonDir), name)));
}
