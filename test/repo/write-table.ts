/** Writes one table of git's reftable format, as its specification has it, for what git on this machine cannot write. */
import { crc32, deflateSync } from 'node:zlib';

export type TableRef = readonly [
  name: string,
  value: string | { readonly target: string } | undefined,
];
export type TableLine = readonly [
  name: string,
  index: number,
  change: readonly [from: string, to: string, message: string] | undefined,
];

export type Table = {
  readonly refs?: readonly TableRef[];
  readonly logs?: readonly TableLine[];
  readonly sha256?: boolean;
  /** Ref blocks are of that size and padded; without it there is one. */
  readonly blockBytes?: number;
  /** Lines to a block of logs. */
  readonly linesPerBlock?: number;
};

const bigEndian = (value: number | bigint, bytes: number) =>
  Buffer.from(
    BigInt(value)
      .toString(16)
      .padStart(bytes * 2, '0'),
    'hex',
  );

function varint(value: number): Buffer {
  const bytes = [value & 0x7f];
  for (let left = Math.floor(value / 128); left > 0; left = Math.floor(left / 128)) {
    left -= 1;
    bytes.unshift((left & 0x7f) | 0x80);
  }
  return Buffer.from(bytes);
}

const text = (words: string) => [varint(Buffer.byteLength(words)), Buffer.from(words)];

/** Each key goes on from the one before it, as far as both are the same. */
function record(before: Buffer, key: Buffer, kind: number): Buffer[] {
  let kept = 0;
  while (kept < before.length && kept < key.length && before[kept] === key[kept]) kept += 1;
  return [varint(kept), varint((key.length - kept) * 8 + kind), key.subarray(kept)];
}

/** `begin`: where its first record is, counted from where the block begins. */
const ending = (begin: number) => Buffer.concat([bigEndian(begin, 3), bigEndian(1, 2)]);

function refRecord(before: Buffer, [name, value]: TableRef): Buffer {
  const key = Buffer.from(name);
  if (value === undefined) return Buffer.concat([...record(before, key, 0), varint(0)]);
  if (typeof value === 'string')
    return Buffer.concat([...record(before, key, 1), varint(0), Buffer.from(value, 'hex')]);
  return Buffer.concat([...record(before, key, 3), varint(0), ...text(value.target)]);
}

function keyOf([name, index]: TableLine): Buffer {
  return Buffer.concat([
    Buffer.from(`${name}\0`),
    bigEndian(0xffffffffffffffffn - BigInt(index), 8),
  ]);
}

function logRecord(before: Buffer, line: TableLine): Buffer {
  const [, , change] = line;
  const key = keyOf(line);
  if (change === undefined) return Buffer.concat(record(before, key, 0));
  const [from, to, message] = change;
  const who = [...text('Ä'), ...text('a@b'), varint(1_790_000_000), bigEndian(120, 2)];
  const ids = [Buffer.from(from, 'hex'), Buffer.from(to, 'hex')];
  return Buffer.concat([...record(before, key, 1), ...ids, ...who, ...text(message)]);
}

function writeRefs(refs: readonly TableRef[], headBytes: number, blockBytes: number): Buffer {
  const sorted = refs.toSorted(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  const blocks: Buffer[] = [];
  let records: Buffer[] = [];
  let before: Buffer = Buffer.alloc(0);
  const close = (isLast: boolean) => {
    const head = blocks.length === 0 ? headBytes : 0;
    const inside = Buffer.concat([...records, ending(head + 4)]);
    const length = head + 4 + inside.length;
    const padding = blockBytes > 0 && !isLast ? blockBytes - length : 0;
    blocks.push(
      Buffer.concat([Buffer.from('r'), bigEndian(length, 3), inside, Buffer.alloc(padding)]),
    );
    [records, before] = [[], Buffer.alloc(0)];
  };
  for (const ref of sorted) {
    const used = (blocks.length === 0 ? headBytes : 0) + 9 + Buffer.concat(records).length;
    if (blockBytes > 0 && used + refRecord(Buffer.alloc(0), ref).length > blockBytes) close(false);
    records.push(refRecord(before, ref));
    before = Buffer.from(ref[0]);
  }
  if (records.length > 0) close(true);
  return Buffer.concat(blocks);
}

function writeLogs(logs: readonly TableLine[], linesPerBlock: number): Buffer {
  const sorted = logs.toSorted((a, b) => Buffer.compare(keyOf(a), keyOf(b)));
  const blocks: Buffer[] = [];
  for (let from = 0; from < sorted.length; from += linesPerBlock) {
    let before: Buffer = Buffer.alloc(0);
    const records = sorted.slice(from, from + linesPerBlock).map((line) => {
      const written = logRecord(before, line);
      before = keyOf(line);
      return written;
    });
    const inside = Buffer.concat([...records, ending(4)]);
    blocks.push(Buffer.from('g'), bigEndian(inside.length + 4, 3), deflateSync(inside));
  }
  return Buffer.concat(blocks);
}

export function writeTable(table: Table): Buffer {
  const { refs = [], logs = [], sha256 = false, blockBytes = 0, linesPerBlock = 3 } = table;
  const head = Buffer.concat([
    ...[Buffer.from('REFT'), bigEndian(sha256 ? 2 : 1, 1), bigEndian(blockBytes, 3)],
    ...[bigEndian(1, 8), bigEndian(1_000, 8), Buffer.from(sha256 ? 's256' : '')],
  ]);
  const refsPart = writeRefs(refs, head.length, blockBytes);
  const logsPart = writeLogs(logs, linesPerBlock);
  const logsBegin =
    logsPart.length === 0 || refsPart.length === 0 ? 0 : head.length + refsPart.length;
  const places = [0, 0, 0, logsBegin, 0].map((it) => bigEndian(it, 8));
  const foot = Buffer.concat([head, ...places]);
  return Buffer.concat([head, refsPart, logsPart, foot, bigEndian(crc32(foot), 4)]);
}
