/** The table of a workspace from one run to the next, so that what did not change is not read again; anything odd about it and it is as if it were not there. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { uptime } from 'node:os';
import {
  type Aside,
  type Columns,
  flags,
  kinds,
  makeTable,
  type Table,
} from '../snapshot/table.ts';
import { writeDurable } from './durable-file.ts';
import { eachRow } from './list-rows.ts';
import type { Store } from './open-store.ts';

type Head = {
  readonly v: 2;
  /** Of the workspace: another folder at the same path is another. */
  readonly identity: string;
  /** Whether numbers have their low byte first, as they lie here. */
  readonly low: boolean;
  readonly keptMs: number;
  readonly rows: number;
  readonly folders: number;
  readonly nameBytes: number;
  readonly wasted: number;
  readonly asides: readonly (readonly [number, readonly Aside[]])[];
};

const low = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
const sumBytes = 32;

/** What changed so shortly before may not have reached the disk when the power went; it is read again. */
const recentNanos = 60_000_000_000n;

export function saveTable(file: string, table: Table, identity: string): void {
  const { rows, folders, nameBytes, wasted, asides } = table;
  const head: Head = {
    v: 2,
    identity,
    low,
    keptMs: Date.now(),
    rows,
    folders,
    nameBytes,
    wasted,
    asides: [...asides],
  };
  const text = Buffer.from(JSON.stringify(head));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(text.length);
  const parts = [length, text, ...columnsOf(table.columns, head)];
  const sum = createHash('sha256');
  for (const part of parts) sum.update(part);
  writeDurable(file, Buffer.concat([...parts, sum.digest()]));
}

/** Undefined when there is none, or none that can be believed. */
export function loadTable(file: string, identity: string): Table | undefined {
  const bytes = readIfAny(file);
  const head = bytes && readHead(bytes);
  if (!bytes || !head || head.v !== 2 || head.identity !== identity || head.low !== low)
    return undefined;
  const table = makeTable(
    head.rows + (head.rows >> 2) + 64,
    head.folders + 64,
    head.nameBytes + 4096,
  );
  let at = 4 + bytes.readUInt32BE(0);
  for (const column of columnsOf(table.columns, head)) {
    column.set(bytes.subarray(at, at + column.length));
    at += column.length;
  }
  if (at !== bytes.length - sumBytes) return undefined;
  for (const [folder, asides] of head.asides) table.asides.set(folder, asides);
  table.columns.folderRightsStale.fill(1);
  table.rows = head.rows;
  table.folders = head.folders;
  table.nameBytes = head.nameBytes;
  table.wasted = head.wasted;
  if (!isOfThisBoot(head.keptMs)) doubtRecent(table, head.keptMs);
  return table;
}

function readIfAny(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // None yet; or one that cannot be read, and then everything is looked at.
    if (code === undefined) throw error;
    return undefined;
  }
}

function readHead(bytes: Buffer): Head | undefined {
  if (bytes.length < 4 + sumBytes) return undefined;
  const end = bytes.length - sumBytes;
  const sum = createHash('sha256').update(bytes.subarray(0, end)).digest();
  const length = bytes.readUInt32BE(0);
  if (!sum.equals(bytes.subarray(end)) || 4 + length > end) return undefined;
  return JSON.parse(bytes.toString('utf8', 4, 4 + length)) as Head;
}

/** The part of each column that is in use, as bytes, always in the same order. */
function columnsOf(columns: Columns, head: Head): Uint8Array[] {
  const { rows, folders, nameBytes } = head;
  return Object.entries(columns)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, column]) => {
      const count = name === 'names' ? nameBytes : name.startsWith('folder') ? folders : rows;
      const width = name === 'oid' || name === 'folderTree' ? 20 : column.BYTES_PER_ELEMENT;
      return new Uint8Array(column.buffer, 0, count * width);
    });
}

/** What was not captured, and what the store does not have any more, is read again. */
export function doubtMissing(table: Table, store: Store): void {
  const { columns } = table;
  eachRow(table, (row) => {
    // Not read then, for whatever reason: this run tries anew.
    const isLacking = ((columns.flag[row] ?? 0) & flags.uncaptured) !== 0;
    if (isLacking) columns.flag[row] = flags.uncaptured | flags.doubtful;
    const isPlain = columns.kind[row] !== kinds.folder && columns.kind[row] !== kinds.special;
    const isKnown =
      isPlain && ((columns.flag[row] ?? 0) & (flags.doubtful | flags.uncaptured)) === 0;
    if (isKnown && !store.has(columns.oid, row * 20)) columns.flag[row] = flags.doubtful;
  });
  for (let folder = 0; folder < table.folders; folder += 1) {
    const isMade = columns.folderParent[folder] !== -2 && columns.folderStale[folder] === 0;
    const tree = columns.folderTree.subarray(folder * 20, folder * 20 + 20);
    if (isMade && tree.some((byte) => byte !== 0) && !store.isOwn(tree))
      columns.folderStale[folder] = 1;
  }
}

/** No power was lost since. */
function isOfThisBoot(keptMs: number): boolean {
  const now = Date.now();
  return keptMs <= now && keptMs > now - uptime() * 1000;
}

function doubtRecent(table: Table, keptMs: number): void {
  const { columns } = table;
  const limit = BigInt(keptMs) * 1_000_000n - recentNanos;
  eachRow(table, (row) => {
    if ((columns.ctime[row] ?? 0n) < limit || columns.kind[row] === kinds.folder) return;
    columns.flag[row] = (columns.flag[row] ?? 0) | flags.doubtful;
  });
}
