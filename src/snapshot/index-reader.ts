/** Reads git's index, versions 2, 3 and 4, entry by entry; what it cannot vouch for it says so. */
import type { RawPath } from './raw-path.ts';

export type IndexEntry = {
  /** Made when it is asked for. */
  readonly path: RawPath;
  /** Where in the bytes the path lies as a whole; -1 in version 4, which has only what is new of it. */
  pathAt: number;
  pathEnd: number;
  /** 0o100644, 0o100755, 0o120000, 0o160000 or 0o040000. */
  mode: number;
  mtimeSeconds: number;
  mtimeNanos: number;
  ctimeSeconds: number;
  ctimeNanos: number;
  inode: number;
  size: number;
  /** Where in the bytes its object id begins. */
  oidAt: number;
  stage: number;
  /** assume-valid, skip-worktree or intent-to-add: its word about the disk counts for nothing. */
  doubtful: boolean;
};

export type IndexReport =
  | { readonly kind: 'read'; readonly entries: number }
  | { readonly kind: 'unusable'; readonly why: string };

const extensionsThatMoveEntries = new Map([
  ['link', 'split index'],
  ['sdir', 'sparse index'],
]);

type Decode = (from: number, to: number) => string;

/**
 * Calls `visit` with one entry object that is reused: copy what is to be kept. An extension behind
 * the entries can still make all of them worthless: then the report says unusable. `decode` makes
 * text of bytes, one character each.
 */
export function readIndex(
  bytes: Uint8Array,
  decode: Decode,
  visit: (entry: Readonly<IndexEntry>) => void,
): IndexReport {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const problem = checkFrame(bytes, view);
  if (problem) return { kind: 'unusable', why: problem };
  const count = view.getUint32(8);
  const reader: Reader = { bytes, view, decode, version: view.getUint32(4), at: 12, path: '' };
  const entry = blankEntry(reader);
  for (let seen = 0; seen < count; seen += 1) {
    if (!readEntry(reader, entry)) return { kind: 'unusable', why: 'entries run past the end' };
    visit(entry);
  }
  const why = checkExtensions(reader);
  return why ? { kind: 'unusable', why } : { kind: 'read', entries: count };
}

type Reader = {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly decode: Decode;
  readonly version: number;
  at: number;
  path: string;
};

function blankEntry(reader: Reader): IndexEntry {
  return {
    get path() {
      return this.pathAt < 0 ? reader.path : reader.decode(this.pathAt, this.pathEnd);
    },
    pathAt: -1,
    pathEnd: -1,
    mode: 0,
    mtimeSeconds: 0,
    mtimeNanos: 0,
    ctimeSeconds: 0,
    ctimeNanos: 0,
    inode: 0,
    size: 0,
    oidAt: 0,
    stage: 0,
    doubtful: false,
  };
}

function checkFrame(bytes: Uint8Array, view: DataView): string | undefined {
  if (bytes.length < 32 || view.getUint32(0) !== 0x44495243) return 'not an index';
  const version = view.getUint32(4);
  return version < 2 || version > 4 ? `index version ${version}` : undefined;
}

const fixedBytes = 62;

function readEntry(reader: Reader, entry: IndexEntry): boolean {
  const { view, version } = reader;
  const start = reader.at;
  if (start + fixedBytes > reader.bytes.length - 20) return false;
  entry.ctimeSeconds = view.getUint32(start);
  entry.ctimeNanos = view.getUint32(start + 4);
  entry.mtimeSeconds = view.getUint32(start + 8);
  entry.mtimeNanos = view.getUint32(start + 12);
  entry.inode = view.getUint32(start + 20);
  entry.mode = view.getUint32(start + 24);
  entry.size = view.getUint32(start + 36);
  entry.oidAt = start + 40;
  const flags = view.getUint16(start + 60);
  const isExtended = version >= 3 && (flags & 0x4000) !== 0;
  const more = isExtended ? view.getUint16(start + 62) : 0;
  entry.stage = (flags >> 12) & 3;
  entry.doubtful = (flags & 0x8000) !== 0 || (more & 0x6000) !== 0;
  const nameAt = start + fixedBytes + (isExtended ? 2 : 0);
  if (version === 4) return readShortenedPath(reader, nameAt);
  entry.pathAt = nameAt;
  entry.pathEnd = findPathEnd(reader, start, nameAt);
  return entry.pathEnd >= 0;
}

/** -1 when the entry does not end where it says. */
function findPathEnd(reader: Reader, start: number, nameAt: number): number {
  const stated = reader.view.getUint16(start + 60) & 0xfff;
  const stop = stated < 0xfff ? nameAt + stated : reader.bytes.indexOf(0, nameAt);
  reader.at = start + ((stop - start + 8) & ~7);
  const isWhole = stop >= 0 && reader.bytes[stop] === 0 && reader.at <= reader.bytes.length - 20;
  return isWhole ? stop : -1;
}

/** Version 4: how many bytes to drop from the path before, then what follows. */
function readShortenedPath(reader: Reader, start: number): boolean {
  let at = start;
  let byte = reader.bytes[at] ?? 0;
  let dropped = byte & 0x7f;
  while (byte & 0x80) {
    at += 1;
    byte = reader.bytes[at] ?? 0;
    dropped = (dropped + 1) * 128 + (byte & 0x7f);
  }
  const stop = reader.bytes.indexOf(0, at + 1);
  const kept = reader.path.length - dropped;
  if (stop < 0 || kept < 0) return false;
  reader.path = reader.path.slice(0, kept) + reader.decode(at + 1, stop);
  reader.at = stop + 1;
  return reader.at <= reader.bytes.length - 20;
}

/** An extension in capitals may be passed over; any other changes what the entries mean. */
function checkExtensions({ bytes, view, decode, at: start }: Reader): string | undefined {
  const end = bytes.length - 20;
  for (let at = start; at < end; ) {
    if (at + 8 > end) return 'extensions run past the end';
    const name = decode(at, at + 4);
    const known = extensionsThatMoveEntries.get(name);
    if (known) return known;
    if (!/^[A-Z]/.test(name)) return `unknown index extension ${JSON.stringify(name)}`;
    at += 8 + view.getUint32(at + 4);
    if (at > end) return 'extensions run past the end';
  }
  return undefined;
}
