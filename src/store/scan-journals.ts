/** Finds the few entries of certain types in all journals of a folder, without understanding the others. */
import { Buffer } from 'node:buffer';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Event } from '../contract/types.gen.ts';
import type { Entry } from '../journal/entry.ts';
import { checkLine } from './journal-line.ts';
import { listJournals } from './journal-names.ts';
import { readLines } from './read-lines.ts';

/** How far a file was read: up to this byte, behind the line that ends so. */
export type ScanPlace = { readonly offset: number; readonly ending: string };

export type Scan = {
  /** What is new since last time, by writer and number. */
  readOn(): Promise<Entry[]>;
  /** To go on from there another time. */
  places(): Readonly<Record<string, ScanPlace>>;
};

const endingBytes = 20;
/** Between two breaths for whoever shares the thread. */
const bytesPerTurn = 4 << 20;

type Types = ReadonlySet<Event['type']>;

export function openScan(
  folder: string,
  types: Types,
  from: Readonly<Record<string, ScanPlace>> = {},
): Scan {
  const needles = [...types].map((it) => Buffer.from(`"type":"${it}"`));
  const places = new Map(Object.entries(from));

  async function readFile(path: string, name: string, writer: string): Promise<Entry[]> {
    const fd = openIfThere(path);
    if (fd === undefined) return [];
    const found: Entry[] = [];
    try {
      const before = places.get(name);
      const start = before !== undefined && isAsLeft(fd, before) ? before.offset : 0;
      let offset = start;
      while (offset < fstatSync(fd).size) {
        const end = readSome(fd, offset, (bytes) => {
          const entry = isWanted(bytes) ? readEntry(bytes, writer) : undefined;
          if (entry !== undefined && types.has(entry.event.type)) found.push(entry);
        });
        if (end === offset) break;
        offset = end;
        await nextTurn();
      }
      if (start < offset) places.set(name, { offset, ending: readEnding(fd, offset) });
    } finally {
      closeSync(fd);
    }
    return found;
  }

  const isWanted = (line: Buffer) => needles.some((it) => line.includes(it));

  return {
    async readOn() {
      const found: Entry[] = [];
      for (const { path, name, writer } of listJournals(folder))
        found.push(...(await readFile(path, name, writer)));
      return found;
    },
    places: () => Object.fromEntries(places),
  };
}

/** Hands over whole lines for one breath; answers where the next begins. */
function readSome(fd: number, from: number, take: (line: Buffer) => void): number {
  let offset = from;
  for (const line of readLines(fd, from)) {
    if (!line.isWhole) break;
    offset = line.offset + line.length;
    if (!line.isCut) take(line.bytes);
    if (from + bytesPerTurn < offset) break;
  }
  return offset;
}

function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** A file that was written anew is read anew: who has seen an entry knows it again. */
function isAsLeft(fd: number, { offset, ending }: ScanPlace): boolean {
  return offset <= fstatSync(fd).size && readEnding(fd, offset) === ending;
}

function readEnding(fd: number, offset: number): string {
  const room = Buffer.alloc(Math.min(endingBytes, offset));
  readSync(fd, room, 0, room.length, offset - room.length);
  return room.toString('latin1');
}

function readEntry(bytes: Buffer, writer: string): Entry | undefined {
  const value = checkLine(bytes)?.value as
    | (Omit<Entry, 'writer'> & { event?: unknown })
    | undefined;
  if (typeof value?.seq !== 'number' || typeof value.event !== 'object') return undefined;
  const { seq, at, mono, session, event } = value;
  return { writer, seq, at, mono, ...(session === undefined ? {} : { session }), event };
}
