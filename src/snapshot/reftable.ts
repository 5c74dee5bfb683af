/** Reads one table of git's reftable format: refs, and the lines of their logs. Undefined for what is not whole. */

export type RefValue =
  | { readonly kind: 'deleted' }
  /** `peeled`: what a tag object is of. */
  | { readonly kind: 'id'; readonly id: string; readonly peeled?: string }
  | { readonly kind: 'symbolic'; readonly target: string };

/** Undefined where there was, or is, no commit. */
export type RefChange = {
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly message: string;
};

export type Reftable = {
  readonly refs: ReadonlyMap<string, RefValue>;
  /** By ref and by the number of the change; undefined where a line was taken out. */
  readonly logs: ReadonlyMap<string, ReadonlyMap<number, RefChange | undefined>>;
};

export type TablePorts = {
  /** What a zlib stream at the beginning holds, and how long it is; throws a RangeError where it is none. */
  inflate(bytes: Uint8Array): { readonly bytes: Uint8Array; readonly used: number };
  /** UTF-8. */
  decode(bytes: Uint8Array): string;
};

const magic = 0x52454654;
const sha256 = 0x73323536;
const refBlock = 0x72;
const logBlock = 0x67;
const indexBytes = 8;

export function readReftable(bytes: Uint8Array, ports: TablePorts): Reftable | undefined {
  try {
    const frame = readFrame(bytes);
    if (frame === undefined) return undefined;
    return { refs: readRefs(frame, ports), logs: readLogs(frame, ports) };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

type Frame = {
  readonly bytes: Uint8Array;
  readonly blockBytes: number;
  readonly headBytes: number;
  readonly idBytes: number;
  /** Behind the last block of refs. */
  readonly refsEnd: number;
  readonly logsBegin: number;
  readonly logsEnd: number;
};

function readFrame(bytes: Uint8Array): Frame | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = view.getUint8(4);
  if (view.getUint32(0) !== magic || (version !== 1 && version !== 2)) return undefined;
  const headBytes = version === 1 ? 24 : 28;
  const footer = bytes.length - headBytes - 44;
  if (footer < headBytes || view.getUint32(footer) !== magic) return undefined;
  if (view.getUint32(bytes.length - 4) !== sumOf(bytes.subarray(footer, -4))) return undefined;
  const long = (at: number) => view.getUint32(at) * 2 ** 32 + view.getUint32(at + 4);
  const [refIndex, object, objectIndex, log, logIndex] = [0, 8, 16, 24, 32].map((it) =>
    long(footer + headBytes + it),
  ) as [number, number, number, number, number];
  const isLogOnly = bytes[headBytes] === logBlock;
  const logsBegin = isLogOnly ? headBytes : log;
  const others = [refIndex, Math.floor(object / 32), objectIndex, logsBegin].filter((it) => 0 < it);
  return {
    ...{ bytes, headBytes, logsBegin },
    blockBytes: view.getUint32(4) & 0xffffff,
    idBytes: version === 2 && view.getUint32(24) === sha256 ? 32 : 20,
    refsEnd: isLogOnly ? 0 : Math.min(footer, ...others),
    logsEnd: logIndex === 0 ? footer : logIndex,
  };
}

function readRefs(frame: Frame, { decode }: TablePorts): Map<string, RefValue> {
  const { bytes, headBytes, idBytes, refsEnd, blockBytes } = frame;
  const refs = new Map<string, RefValue>();
  for (let begin = 0; begin < refsEnd; ) {
    // The first shares its block with the header of the file.
    const head = begin === 0 ? headBytes : begin;
    if (bytes[head] !== refBlock) break;
    const length = readSome(bytes, head + 1, 3);
    const block = openRecords(bytes.subarray(begin, begin + length), head - begin + 4);
    for (let record = block.next(); record !== undefined; record = block.next()) {
      block.varint();
      refs.set(decode(record.key), readValue(block, record.kind, { idBytes, decode }));
    }
    const end = begin + Math.max(length, 4);
    const isPadded = bytes[end] === 0 && 0 < blockBytes;
    begin = isPadded ? begin + Math.max(blockBytes, length) : end;
  }
  return refs;
}

type Spelling = Pick<TablePorts, 'decode'> & { readonly idBytes: number };

function readValue(block: Records, kind: number, { idBytes, decode }: Spelling): RefValue {
  if (kind === 0) return { kind: 'deleted' };
  if (kind === 3) return { kind: 'symbolic', target: decode(block.take(block.varint())) };
  if (kind !== 1 && kind !== 2) throw new RangeError(`no such kind of a ref: ${kind}`);
  const id = hexOf(block.take(idBytes));
  return kind === 1 ? { kind: 'id', id } : { kind: 'id', id, peeled: hexOf(block.take(idBytes)) };
}

type Logs = Map<string, Map<number, RefChange | undefined>>;

function readLogs(frame: Frame, { inflate, decode }: TablePorts): Logs {
  const { bytes, logsBegin, logsEnd, idBytes } = frame;
  const logs: Logs = new Map();
  for (let begin = logsBegin; 0 < begin && begin < logsEnd; ) {
    if (bytes[begin] !== logBlock) break;
    const inside = inflate(bytes.subarray(begin + 4, logsEnd));
    const block = openRecords(inside.bytes, 0);
    for (let record = block.next(); record !== undefined; record = block.next()) {
      const { key, kind } = record;
      const name = decode(key.subarray(0, -indexBytes - 1));
      const change = kind === 0 ? undefined : readChange(block, { idBytes, decode });
      logs.set(name, (logs.get(name) ?? new Map()).set(readIndex(key), change));
    }
    begin += 4 + Math.max(inside.used, 1);
  }
  return logs;
}

/** They stand in the order from the newest to the oldest, and so are counted down from the largest number. */
function readIndex(key: Uint8Array): number {
  const [high, low] = [readSome(key, key.length - 8, 4), readSome(key, key.length - 4, 4)];
  return (0xffffffff - high) * 2 ** 32 + (0xffffffff - low);
}

function readChange(block: Records, { idBytes, decode }: Spelling): RefChange {
  const from = hexOf(block.take(idBytes));
  const to = hexOf(block.take(idBytes));
  // Whose it was: name, address, time and zone.
  block.take(block.varint());
  block.take(block.varint());
  block.varint();
  block.take(2);
  const message = decode(block.take(block.varint())).replace(/\n+$/, '');
  return { from: commitOf(from), to: commitOf(to), message };
}

const commitOf = (id: string) => (/^0+$/.test(id) ? undefined : id);

type Records = {
  /** Undefined at the end; what follows the key is then to be taken in its order. */
  next(): { readonly key: Uint8Array; readonly kind: number } | undefined;
  take(count: number): Uint8Array;
  varint(): number;
};

/** The records of a block: behind them stands where keys are whole, which only who looks for one key needs. */
function openRecords(block: Uint8Array, begin: number): Records {
  const places = readSome(block, block.length - 2, 2);
  const end = block.length - 2 - 3 * places;
  let at = begin;
  let key: Uint8Array = new Uint8Array();

  function take(count: number): Uint8Array {
    if (end < at + count) throw new RangeError('a record goes on behind its block');
    at += count;
    return block.subarray(at - count, at);
  }

  function varint(): number {
    let byte = readSome(take(1), 0, 1);
    let value = byte & 0x7f;
    while ((byte & 0x80) !== 0) {
      byte = readSome(take(1), 0, 1);
      value = (value + 1) * 128 + (byte & 0x7f);
    }
    return value;
  }

  return {
    next() {
      if (end <= at) return undefined;
      const kept = varint();
      const length = varint();
      const suffix = take(Math.floor(length / 8));
      if (key.length < kept) throw new RangeError('a key goes on from more than there is');
      const whole = new Uint8Array(kept + suffix.length);
      whole.set(key.subarray(0, kept));
      whole.set(suffix, kept);
      key = whole;
      return { key, kind: length % 8 };
    },
    take,
    varint,
  };
}

function readSome(bytes: Uint8Array, at: number, count: number): number {
  let value = 0;
  for (let n = at; n < at + count; n += 1) {
    const byte = bytes[n];
    if (byte === undefined) throw new RangeError('it ends too early');
    value = value * 256 + byte;
  }
  return value;
}

const hexOf = (bytes: Uint8Array) =>
  Array.from(bytes, (it) => it.toString(16).padStart(2, '0')).join('');

/** CRC-32, of a few bytes. */
function sumOf(bytes: Uint8Array): number {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = (sum >>> 1) ^ ((sum & 1) * 0xedb88320);
  }
  return ~sum >>> 0;
}
