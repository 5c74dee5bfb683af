/** What the tests of this room share: a folder of their own, notes, journals of them, and how they read back. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { JournalProblem } from '../../src/contract/types.gen.ts';
import type { Entry, Note } from '../../src/journal/entry.ts';
import { openClock } from '../../src/store/clock.ts';
import { listJournals } from '../../src/store/journal-names.ts';
import { readJournalFile } from '../../src/store/journal-reader.ts';
import {
  type JournalWriter,
  type JournalWriterOptions,
  openJournalWriter,
} from '../../src/store/journal-writer.ts';
import { mintUlid } from '../../src/store/ulid.ts';

const made: string[] = [];
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

export function makeFolder(base = tmpdir()): string {
  const folder = mkdtempSync(join(base, 'clew-store-'));
  made.push(folder);
  return folder;
}

export function makeNote(number: number): Note {
  const text = `note ${number} “${'x'.repeat(number % 50)}”`;
  return { session: 'S1', event: { type: 'message-said', by: 'agent', text } as never };
}

export function openWriter(
  folder: string,
  options: Partial<JournalWriterOptions> = {},
): JournalWriter {
  const writer = options.writer ?? mintUlid(Date.now());
  return openJournalWriter({ folder, workspace: 'test', clock: openClock(), ...options, writer });
}

/** A closed journal; answers what was appended. */
export async function writeJournal(
  folder: string,
  count: number,
  options: Partial<JournalWriterOptions> = {},
): Promise<Entry[]> {
  const writer = openWriter(folder, options);
  const entries = Array.from({ length: count }, (_, index) => writer.append(makeNote(index + 1)));
  await writer.close();
  return entries;
}

export type ReadBack = { readonly entries: Entry[]; readonly problems: JournalProblem[] };

export function readBack(folder: string): ReadBack {
  const entries: Entry[] = [];
  const problems: JournalProblem[] = [];
  for (const { path } of listJournals(folder))
    for (const item of readJournalFile(path)) {
      if ('entry' in item) entries.push(item.entry);
      else problems.push(item.problem);
    }
  return { entries, problems };
}

/** Pseudo-random and repeatable, in [0, 1). */
export function openDice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** For what another process, a timer or the kernel brings about. */
export async function waitUntil(isSo: () => boolean, what: string): Promise<void> {
  const deadline = Date.now() + 120_000;
  while (!isSo()) {
    if (Date.now() > deadline) throw new Error(`waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
