/** A reader of journals written from schemas/file alone, so that what clew writes is judged by somebody else. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Event } from '../../src/contract/types.gen.ts';

type Line = { seq: number; at: number; mono: number; session?: string; event: Event };

export type JournalFile = {
  path: string;
  writer: string;
  file: number;
  lines: Line[];
  /** What is wrong with it, a torn last line apart. */
  problems: string[];
  /** Bytes after the last newline. */
  torn: number;
};

/** All journal files under a state home, by writer and number. */
export function readJournals(home: string): JournalFile[] {
  const workspaces = join(home, 'workspaces');
  if (!existsSync(workspaces)) return [];
  return readdirSync(workspaces)
    .map((name) => join(workspaces, name, 'journal'))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
    .filter((path) => path.endsWith('.ndjson'))
    .sort()
    .map(readJournalFile);
}

/** Every event of every writer, in order. */
export function readEvents(home: string): Event[] {
  return readJournals(home).flatMap((file) => file.lines.map((line) => line.event));
}

const zeros = '0'.repeat(16);

type Parsed = Record<string, unknown>;

function readJournalFile(path: string): JournalFile {
  const bytes = readFileSync(path);
  const end = bytes.lastIndexOf(10) + 1;
  const texts = bytes.subarray(0, end).toString('utf8').split('\n').slice(0, -1);
  const problems: string[] = [];
  const parsed = texts.map((text, index) =>
    readLine(text, (what) => problems.push(`${path}:${index + 1}: ${what}`)),
  );
  const [header, ...lines] = parsed.filter((line) => line !== undefined);
  if (header !== undefined) problems.push(...checkHeader(header, path));
  if (header !== undefined) problems.push(...checkChain([header, ...lines], path));
  return {
    path,
    writer: String(header?.writer),
    file: Number(header?.file),
    lines: lines as Line[],
    problems,
    torn: bytes.length - end,
  };
}

function checkHeader(header: Parsed, path: string): string[] {
  if (header.clew !== 'journal' || header.v !== 1) return [`${path}: no header`];
  const isFirst = header.file === 1;
  return isFirst && header.prev !== zeros ? [`${path}: the first file has a predecessor`] : [];
}

function checkChain(lines: readonly Parsed[], path: string): string[] {
  return lines.slice(1).flatMap((line, index) => {
    const before = lines[index];
    const problems: string[] = [];
    // In a file that was shortened an entry says how many stood before it.
    const event = line.event as Partial<Event> | undefined;
    const dropped = event?.type === 'entries-dropped' ? (event.entries ?? 0) : 0;
    if (line.seq !== Number(before?.seq) + 1 + dropped)
      problems.push(`${path}: seq ${line.seq} after ${before?.seq}`);
    if (line.prev !== before?.sum) problems.push(`${path}: broken chain at seq ${line.seq}`);
    return problems;
  });
}

function readLine(
  text: string,
  wrong: (what: string) => void,
): Record<string, unknown> | undefined {
  let parsed: Record<string, unknown>;
  try {
    parsed = JSON.parse(text) as Record<string, unknown>;
  } catch (problem) {
    wrong(`no JSON: ${(problem as Error).message}`);
    return undefined;
  }
  const at = text.lastIndexOf(',"sum":');
  const sum = createHash('sha256').update(text.slice(0, at)).digest('hex').slice(0, 16);
  if (parsed.sum !== sum) wrong(`sum ${parsed.sum} for ${sum}`);
  return parsed;
}

/** True when all that is wanted is in what was found, at any depth. */
export function includesAll(found: unknown, wanted: unknown): boolean {
  if (typeof wanted !== 'object' || wanted === null) return Object.is(found, wanted);
  if (typeof found !== 'object' || found === null) return false;
  return Object.entries(wanted).every(([key, value]) =>
    includesAll((found as Record<string, unknown>)[key], value),
  );
}
