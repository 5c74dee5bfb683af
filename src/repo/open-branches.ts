/**
 * Reads every branch, and what its log has since last time. What was read here before is read again only where
 * git wrote the branch anew: a repository may have many, and a person's prompt waits.
 */
import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { BranchReading } from '../drift/fold-moves.ts';
import { readTableLog } from './read-ref-log.ts';
import { type LogCursor, readReflog } from './read-reflog.ts';
import { readTableStack, type TableStack } from './read-table-stack.ts';
import { withoutMissing } from './without-missing.ts';

export type BranchCursor = readonly [name: string, head: string, log: LogCursor];

export type Branches = {
  readOn(known: readonly BranchCursor[]): BranchReadings;
};

export type BranchReadings = {
  /** Those that are there or were. */
  readonly readings: ReadonlyMap<string, BranchReading>;
  readonly cursors: readonly BranchCursor[];
};

/** A branch as it was read here, and what its file was then. */
type Seen = { readonly mark: string; readonly cursor: BranchCursor };
type Read = { readonly cursor: BranchCursor; readonly lines: BranchReading['lines'] };
type Found = { readonly name: string; readonly mark: string; readonly packed?: string };

const commit = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
const packedLine = /^([0-9a-f]{40}|[0-9a-f]{64}) refs\/heads\/(.+)$/gm;
const prefix = 'refs/heads/';
/** What is not older than the newest by so much may be written again without its times being others. */
const tickMs = 50;
const none = { mark: '', branches: new Map<string, string>() };

export function openBranches(commonDir: string): Branches {
  const heads = join(commonDir, 'refs', 'heads');
  const logs = join(commonDir, 'logs', 'refs', 'heads');
  const seen = new Map<string, Seen>();
  let newestMs = 0;
  let packed: { readonly mark: string; readonly branches: ReadonlyMap<string, string> } = none;

  function readPacked(): typeof packed {
    const path = join(commonDir, 'packed-refs');
    const mark = markOf(path);
    if (mark === undefined) packed = none;
    if (mark === undefined || mark === packed.mark) return packed;
    const branches = new Map<string, string>();
    const text = withoutMissing(() => readFileSync(path, 'utf8')) ?? '';
    for (const [, id = '', name = ''] of text.matchAll(packedLine)) branches.set(name, id);
    packed = { mark, branches };
    return packed;
  }

  /** A branch that stands for another is left out: it moves with the other. */
  function readHead({ name, packed: id }: Found): string | undefined {
    const text = withoutMissing(() => readFileSync(join(heads, name), 'utf8').trim());
    return text !== undefined && commit.test(text) ? text : id;
  }

  function* find(): Generator<Found> {
    const { mark, branches } = readPacked();
    const left = new Map(branches);
    for (const name of listNames(heads)) {
      const own = markOf(join(heads, name));
      const id = left.get(name);
      if (own === undefined) continue;
      left.delete(name);
      yield { name, mark: own, ...(id === undefined ? {} : { packed: id }) };
    }
    for (const [name, id] of left) yield { name, mark, packed: id };
  }

  /** Undefined for what is no branch. Its log becomes longer only with the file of the branch. */
  function readOne(found: Found, before: BranchCursor | undefined): Read | undefined {
    const { name, mark } = found;
    const known = seen.get(name);
    if (before !== undefined && known?.mark === mark && isSame(known.cursor, before))
      return { cursor: before, lines: [] };
    const head = readHead(found);
    if (head === undefined) return undefined;
    const { lines, cursor: log } = readReflog(join(logs, name), before?.[2]);
    const cursor = [name, head, log] as const;
    newestMs = Math.max(newestMs, timeOf(mark));
    if (timeOf(mark) < newestMs - tickMs) seen.set(name, { mark, cursor });
    return { cursor, lines };
  }

  function* readFiles(known: readonly BranchCursor[]): Generator<Read> {
    const earlier = new Map(known.map((it) => [it[0], it]));
    for (const found of find()) {
      const read = readOne(found, earlier.get(found.name));
      if (read !== undefined) yield read;
    }
  }

  return {
    readOn(known) {
      const stack = readTableStack(commonDir);
      const readings = new Map<string, BranchReading>();
      const cursors: BranchCursor[] = [];
      for (const { cursor, lines } of stack ? readTables(stack, known) : readFiles(known)) {
        readings.set(cursor[0], { head: cursor[1], lines });
        cursors.push(cursor);
      }
      for (const [name] of known)
        if (!readings.has(name)) {
          readings.set(name, { head: undefined, lines: [] });
          seen.delete(name);
        }
      return { readings, cursors };
    },
  };
}

function* readTables(stack: TableStack, known: readonly BranchCursor[]): Generator<Read> {
  const earlier = new Map(known.map((it) => [it[0], it]));
  for (const ref of stack.names().filter((it) => it.startsWith(prefix))) {
    const value = stack.value(ref);
    const name = ref.slice(prefix.length);
    if (value?.kind !== 'id') continue;
    const { lines, cursor } = readTableLog(stack, ref, earlier.get(name)?.[2]);
    yield { cursor: [name, value.id, cursor], lines };
  }
}

function isSame([, head, log]: BranchCursor, [, otherHead, otherLog]: BranchCursor): boolean {
  return head === otherHead && log.offset === otherLog.offset && log.anchor === otherLog.anchor;
}

/** Changes with each writing; git makes a new file every time. */
function markOf(path: string): string | undefined {
  const found = withoutMissing(() => statSync(path));
  return found?.isFile() ? `${found.mtimeMs} ${found.ino} ${found.size}` : undefined;
}

const timeOf = (mark: string) => Number.parseFloat(mark);

function* listNames(folder: string, above = ''): Generator<string> {
  const entries: Dirent[] =
    withoutMissing(() => readdirSync(join(folder, above), { withFileTypes: true })) ?? [];
  for (const it of entries) {
    const name = `${above}${it.name}`;
    if (it.isDirectory()) yield* listNames(folder, `${name}/`);
    else if (!name.endsWith('.lock')) yield name;
  }
}
