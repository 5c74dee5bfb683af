/** A pack's index, version 2: finds where in the pack an object begins. */

export type PackIndex = {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly count: number;
};

const fanoutAt = 8;
const oidsAt = fanoutAt + 1024;

export function readPackIndex(bytes: Uint8Array): PackIndex | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < oidsAt + 40) return undefined;
  if (view.getUint32(0) !== 0xff744f63 || view.getUint32(4) !== 2) return undefined;
  const count = view.getUint32(fanoutAt + 1020);
  for (let at = fanoutAt; at < fanoutAt + 1020; at += 4)
    if (view.getUint32(at) > view.getUint32(at + 4)) return undefined;
  return bytes.length < oidsAt + count * 28 + 40 ? undefined : { bytes, view, count };
}

/** Place of an object id (20 bytes at `at`) among the ids; -1 when it is not here. */
export function findObject(index: PackIndex, oid: Uint8Array, at: number): number {
  const { view } = index;
  const first = oid[at] ?? 0;
  let low = first === 0 ? 0 : view.getUint32(fanoutAt + (first - 1) * 4);
  let high = view.getUint32(fanoutAt + first * 4);
  const head = read32(oid, at);
  // Ids are spread evenly: where one is can be guessed, and only from there on it is looked for by halves.
  let middle = low + Math.floor(((head & 0xffffff) / 0x1000000) * (high - low));
  let step = 4;
  while (low < high) {
    const order =
      view.getUint32(oidsAt + middle * 20) - head || compareRest(index, middle, oid, at);
    if (order === 0) return middle;
    if (order < 0) low = middle + 1;
    else high = middle;
    middle =
      order < 0
        ? Math.min(middle + step, (low + high) >>> 1)
        : Math.max(middle - step, (low + high) >>> 1);
    step *= 2;
  }
  return -1;
}

/** -1 when the index is damaged there. */
export function readOffset(index: PackIndex, place: number): number {
  const { view, count, bytes } = index;
  const at = oidsAt + count * 24 + place * 4;
  const offset = view.getUint32(at);
  if (offset < 0x80000000) return offset;
  const large = oidsAt + count * 28 + (offset - 0x80000000) * 8;
  if (large + 48 > bytes.length) return -1;
  return view.getUint32(large) * 2 ** 32 + view.getUint32(large + 4);
}

/** Of the entry as it lies in the pack. */
export function readCrc({ view, count }: PackIndex, place: number): number {
  return view.getUint32(oidsAt + count * 20 + place * 4);
}

export function readObjectId(index: PackIndex, place: number): Uint8Array {
  return index.bytes.subarray(oidsAt + place * 20, oidsAt + place * 20 + 20);
}

function read32(bytes: Uint8Array, at: number): number {
  const [a = 0, b = 0, c = 0, d = 0] = [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]];
  return ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
}

function compareRest(index: PackIndex, place: number, oid: Uint8Array, at: number): number {
  for (let byte = 4; byte < 20; byte += 1) {
    const order = (index.bytes[oidsAt + place * 20 + byte] ?? 0) - (oid[at + byte] ?? 0);
    if (order !== 0) return order;
  }
  return 0;
}

/** One behind the other, the ids as 20 bytes each. */
export type PackedObjects = {
  readonly count: number;
  readonly oids: Uint8Array;
  readonly offsets: Float64Array;
  readonly crcs: Uint32Array;
};

/** An index without its two trailing checksums; the objects in the order of their ids. */
export function writePackIndex({ count, oids, offsets, crcs }: PackedObjects): Uint8Array {
  const far = offsets.subarray(0, count).reduce((sum, offset) => sum + (isFar(offset) ? 1 : 0), 0);
  const bytes = new Uint8Array(oidsAt + count * 28 + far * 8);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0xff744f63);
  view.setUint32(4, 2);
  bytes.set(oids.subarray(0, count * 20), oidsAt);
  const crcsAt = oidsAt + count * 20;
  const offsetsAt = crcsAt + count * 4;
  let farAt = 0;
  for (let place = 0; place < count; place += 1) {
    const offset = offsets[place] ?? 0;
    view.setUint32(crcsAt + place * 4, crcs[place] ?? 0);
    if (!isFar(offset)) view.setUint32(offsetsAt + place * 4, offset);
    else {
      view.setUint32(offsetsAt + place * 4, 0x80000000 + farAt);
      view.setBigUint64(offsetsAt + count * 4 + farAt * 8, BigInt(offset));
      farAt += 1;
    }
    view.setUint32(fanoutAt + (oids[place * 20] ?? 0) * 4, place + 1);
  }
  for (let first = 1; first < 256; first += 1) {
    const at = fanoutAt + first * 4;
    view.setUint32(at, Math.max(view.getUint32(at), view.getUint32(at - 4)));
  }
  return bytes;
}

function isFar(offset: number): boolean {
  return offset >= 0x80000000;
}
