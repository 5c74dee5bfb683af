/** What was learned of a workspace's versions, kept for the next question: lines are added behind those that still hold. */
import { appendFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { type Entry, readEntries, type WrittenEntry, writeEntries } from '../attribution/entry.ts';
import { openSharedFile } from '../store/shared-file.ts';

export type KeptAttribution = {
  readonly entries: readonly Entry[];
  /** What it shall hold from now on. */
  keep(entries: readonly Entry[]): void;
};

const format = 'clew attribution 4';

/** `folder`: of the workspace's state. */
export function openKeptAttribution(folder: string): KeptAttribution {
  const path = join(folder, 'attribution.ndjson');
  const file = openSharedFile(path);
  const text = file.read();
  const written = readLines(text);
  return {
    entries: written.map((it) => it.entry),
    keep(entries) {
      const same = countSame(written, entries);
      const isBehind = text === undefined || same > 0;
      file.change((now) => {
        // Somebody else wrote since, or nothing stays: as a whole, and durable, since some of it cannot be learned anew.
        if (!isBehind || now !== text) return [format, ...writeEntries(entries), ''].join('\n');
        const added = writeEntries(entries.slice(same), written.slice(0, same));
        if (text !== undefined) truncateSync(path, measureLines(text, same + 1));
        const lines = text === undefined ? [format, ...added] : added;
        // Not waited for: a crash costs no line that was there before.
        appendFileSync(path, lines.map((it) => `${it}\n`).join(''), { mode: 0o600 });
        return undefined;
      });
    },
  };
}

/** A line without an end is one that a crash cut short. */
function readLines(text: string | undefined): WrittenEntry[] {
  const [first, ...lines] = (text ?? '').split('\n').slice(0, -1);
  return first === format ? readEntries(lines) : [];
}

function countSame(written: readonly WrittenEntry[], entries: readonly Entry[]): number {
  const end = written.findIndex(({ entry }, place) => entry !== entries[place]);
  return end < 0 ? written.length : end;
}

/** The bytes of the first lines. */
function measureLines(text: string, count: number): number {
  let end = 0;
  for (let line = 0; line < count; line += 1) end = text.indexOf('\n', end) + 1;
  return Buffer.byteLength(text.slice(0, end));
}
