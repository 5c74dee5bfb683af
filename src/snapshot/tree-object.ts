/** Git's tree objects: read, and written from the rows of a folder. */
import type { RawPath } from './raw-path.ts';
import { type Columns, flags, kinds } from './table.ts';

export type TreeEntry = { readonly name: RawPath; readonly mode: number; readonly oid: string };

export const modes = {
  file: 0o100644,
  program: 0o100755,
  link: 0o120000,
  folder: 0o40000,
} as const;

export function readTree(bytes: Uint8Array): TreeEntry[] {
  const entries: TreeEntry[] = [];
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(0x20, at);
    const stop = bytes.indexOf(0, space);
    if (space < 0 || stop < 0 || stop + 21 > bytes.length) break;
    entries.push({
      mode: Number.parseInt(textOf(bytes, at, space), 8),
      name: textOf(bytes, space + 1, stop),
      oid: hexOf(bytes, stop + 1),
    });
    at = stop + 21;
  }
  return entries;
}

function textOf(bytes: Uint8Array, from: number, to: number): string {
  let text = '';
  for (let at = from; at < to; at += 1) text += String.fromCharCode(bytes[at] ?? 0);
  return text;
}

const digits = '0123456789abcdef';

export function hexOf(bytes: Uint8Array, at: number): string {
  let hex = '';
  for (let byte = at; byte < at + 20; byte += 1) {
    const value = bytes[byte] ?? 0;
    hex += (digits[value >> 4] ?? '') + (digits[value & 15] ?? '');
  }
  return hex;
}

export function bytesOf(hex: string): Uint8Array {
  const bytes = new Uint8Array(20);
  for (let at = 0; at < 20; at += 1) bytes[at] = Number.parseInt(hex.slice(at * 2, at * 2 + 2), 16);
  return bytes;
}

/** Few entries at a time, from names and ids: for the small trees of our own. */
export function writeTree(entries: readonly TreeEntry[]): Uint8Array {
  const sorted = [...entries].sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
  const parts = sorted.map((entry) => {
    const head = `${entry.mode.toString(8)} ${entry.name}\0`;
    const bytes = new Uint8Array(head.length + 20);
    for (let at = 0; at < head.length; at += 1) bytes[at] = head.charCodeAt(at);
    bytes.set(bytesOf(entry.oid), head.length);
    return bytes;
  });
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Git sorts a folder as if its name ended in a slash. */
function sortKey(entry: TreeEntry): string {
  return entry.mode === modes.folder ? `${entry.name}/` : entry.name;
}

const modeOf = new Map<number, Uint8Array>(
  (
    [
      [kinds.file, '100644 '],
      [kinds.program, '100755 '],
      [kinds.link, '120000 '],
      [kinds.folder, '40000 '],
    ] as const
  ).map(([kind, text]) => [kind, Uint8Array.from(text, (letter) => letter.charCodeAt(0))]),
);

/**
 * Writes the tree of a folder into `target` and answers its length. Rows without an object (special
 * files, what is not captured yet, folders with nothing in them) are left out. Folders below must
 * have their trees already.
 */
export function writeFolderTree(columns: Columns, folder: number, target: Uint8Array): number {
  const first = columns.folderFirst[folder] ?? 0;
  const end = first + (columns.folderCount[folder] ?? 0);
  const order = orderRows(columns, first, end);
  let at = 0;
  for (let place = first; place < end; place += 1) {
    const row = order?.[place - first] ?? place;
    const mode = modeOf.get(columns.kind[row] ?? 0);
    if (mode !== undefined && hasObject(columns, row))
      at = writeRow(columns, row, { target, at, mode });
  }
  return at;
}

type Pen = { readonly target: Uint8Array; readonly at: number; readonly mode: Uint8Array };

function writeRow(columns: Columns, row: number, pen: Pen): number {
  const { target, mode } = pen;
  let { at } = pen;
  for (let index = 0; index < mode.length; index += 1) target[at++] = mode[index] ?? 0;
  const name = columns.nameAt[row] ?? 0;
  const end = name + (columns.nameLength[row] ?? 0);
  const { names } = columns;
  for (let index = name; index < end; index += 1) target[at++] = names[index] ?? 0;
  target[at++] = 0;
  const isFolder = columns.kind[row] === kinds.folder;
  const from = (isFolder ? (columns.child[row] ?? 0) : row) * 20;
  const oids = isFolder ? columns.folderTree : columns.oid;
  for (let index = from; index < from + 20; index += 1) target[at++] = oids[index] ?? 0;
  return at;
}

/** The longest a tree of this folder can be. */
export function treeRoom(columns: Columns, folder: number): number {
  const first = columns.folderFirst[folder] ?? 0;
  const end = first + (columns.folderCount[folder] ?? 0);
  let room = 0;
  for (let row = first; row < end; row += 1) room += 28 + (columns.nameLength[row] ?? 0);
  return room;
}

/** Twenty zeros are "no tree": a folder with nothing in it. */
function hasObject(columns: Columns, row: number): boolean {
  if (columns.kind[row] !== kinds.folder)
    return ((columns.flag[row] ?? 0) & flags.uncaptured) === 0;
  const from = (columns.child[row] ?? 0) * 20;
  for (let at = from; at < from + 20; at += 1) if (columns.folderTree[at] !== 0) return true;
  return false;
}

/** Undefined where they are in order as they are: sorted by name alone, only a folder whose name begins a neighbour's can be out of place. */
function orderRows(columns: Columns, first: number, end: number): number[] | undefined {
  if (!hasFolder(columns, first, end)) return undefined;
  const rows: number[] = [];
  for (let row = first; row < end; row += 1) rows.push(row);
  for (let place = 1; place < rows.length; place += 1) {
    for (let back = place; back > 0; back -= 1) {
      const [before = 0, after = 0] = [rows[back - 1], rows[back]];
      if (isInOrder(columns, before, after)) break;
      rows[back - 1] = after;
      rows[back] = before;
    }
  }
  return rows;
}

function hasFolder({ kind }: Columns, first: number, end: number): boolean {
  for (let row = first; row < end; row += 1) if (kind[row] === kinds.folder) return true;
  return false;
}

function isInOrder(columns: Columns, before: number, after: number): boolean {
  if (columns.kind[before] !== kinds.folder && columns.kind[after] !== kinds.folder) return true;
  const shared = Math.min(columns.nameLength[before] ?? 0, columns.nameLength[after] ?? 0);
  for (let at = 0; at < shared; at += 1) {
    const order = byteAt(columns, before, at) - byteAt(columns, after, at);
    if (order !== 0) return order < 0;
  }
  return byteAt(columns, before, shared) <= byteAt(columns, after, shared);
}

function byteAt(columns: Columns, row: number, at: number): number {
  if (at < (columns.nameLength[row] ?? 0))
    return columns.names[(columns.nameAt[row] ?? 0) + at] ?? 0;
  return columns.kind[row] === kinds.folder ? 0x2f : 0;
}
