/** The refs and logs of a repository that keeps them in reftables: several tables, of which the newer ones win. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import {
  type RefChange,
  type Reftable,
  type RefValue,
  readReftable,
} from '../snapshot/reftable.ts';
import { withoutMissing } from './without-missing.ts';

/** A line of a log with the number of its change. */
export type NumberedChange = RefChange & { readonly index: number };

export type TableStack = {
  /** Undefined where there is no such ref. */
  value(ref: string): RefValue | undefined;
  /** Of refs that there are. */
  names(): readonly string[];
  /** The oldest line first. */
  log(ref: string): readonly NumberedChange[];
  logNames(): readonly string[];
};

/** Undefined: nobody wrote what can be read. */
type Tables = readonly (Reftable | undefined)[];

const tableLimitBytes = 64 << 20;
const logLimitBytes = 16 << 20;
/** A table may be taken away between the list and the look. */
const attempts = 3;
const foldersLimit = 4;
/** Tables never change once they are there. */
const known = new Map<string, ReadonlyMap<string, Reftable | undefined>>();

/** False where refs are in tables that are damaged, or of a kind that nobody knew when this was written. */
export function canReadRefs(...gitDirs: readonly string[]): boolean {
  return gitDirs.every((it) => readList(it) === undefined || readTableStack(it) !== undefined);
}

/** Undefined where there are no tables. */
function readList(gitDir: string): string | undefined {
  const path = join(gitDir, 'reftable', 'tables.list');
  return withoutMissing(() => readFileSync(path, 'latin1'));
}

/** Undefined where there are no tables, and where they cannot be read. */
export function readTableStack(gitDir: string): TableStack | undefined {
  for (let left = attempts; 0 < left; left -= 1) {
    const list = readList(gitDir);
    if (list === undefined) return undefined;
    const tables = readTables(gitDir, list);
    if (tables === undefined) continue;
    const whole = tables.filter((it) => it !== undefined);
    return whole.length === tables.length ? stackOf(whole.reverse()) : undefined;
  }
  return undefined;
}

/** The oldest first; undefined where one is gone, so that the list is another by now. */
function readTables(gitDir: string, list: string): Tables | undefined {
  const folder = join(gitDir, 'reftable');
  const before = known.get(folder);
  const now = new Map<string, Reftable | undefined>();
  for (const name of list.split('\n')) {
    if (!/^[\w.-]+$/.test(name) || name.startsWith('.')) continue;
    const path = join(folder, name);
    const found = withoutMissing(() => statSync(path));
    if (found === undefined) return undefined;
    const mark = `${name} ${found.ino} ${found.size} ${found.mtimeMs}`;
    now.set(mark, before?.has(mark) ? before.get(mark) : readTable(path, found.size));
  }
  known.delete(folder);
  known.set(folder, now);
  const [oldest] = known.keys();
  if (foldersLimit < known.size && oldest !== undefined) known.delete(oldest);
  return [...now.values()];
}

function readTable(path: string, size: number): Reftable | undefined {
  const bytes = size <= tableLimitBytes ? withoutMissing(() => readFileSync(path)) : undefined;
  return bytes && readReftable(bytes, { inflate, decode });
}

const decode = (bytes: Uint8Array) => Buffer.from(bytes).toString('utf8');

/** With as much as it takes: where a stream ends, only the stream knows. */
function inflate(bytes: Uint8Array): { bytes: Uint8Array; used: number } {
  try {
    const inflated = inflateSync(bytes, { maxOutputLength: logLimitBytes, info: true });
    const { buffer, engine } = inflated as unknown as {
      buffer: Buffer;
      engine: { bytesWritten: number };
    };
    return { bytes: buffer, used: engine.bytesWritten };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code?.startsWith('Z_') || code === 'ERR_BUFFER_TOO_LARGE')
      throw new RangeError('it is not packed as it should be', { cause: error });
    throw error;
  }
}

/** The newest table first. */
function stackOf(tables: readonly Reftable[]): TableStack {
  function value(ref: string): RefValue | undefined {
    const found = tables.find((it) => it.refs.has(ref))?.refs.get(ref);
    return found?.kind === 'deleted' ? undefined : found;
  }
  return {
    value,
    names() {
      const all = new Set(tables.flatMap(({ refs }) => [...refs.keys()]));
      return [...all].filter((it) => value(it) !== undefined);
    },
    logNames: () => [...new Set(tables.flatMap(({ logs }) => [...logs.keys()]))],
    log(ref) {
      const all = new Map<number, RefChange | undefined>();
      for (const { logs } of tables)
        for (const [index, change] of logs.get(ref) ?? [])
          if (!all.has(index)) all.set(index, change);
      return [...all]
        .sort(([a], [b]) => a - b)
        .flatMap(([index, it]) => (it === undefined || isMark(it) ? [] : [{ index, ...it }]));
    },
  };
}

/** Says only that there is a log. */
const isMark = ({ from, to }: RefChange) => from === undefined && to === undefined;
