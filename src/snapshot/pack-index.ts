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
  while (low < high) {
    const middle = (low + high) >>> 1;
    const order =
      view.getUint32(oidsAt + middle * 20) - head || compareRest(index, middle, oid, at);
    if (order === 0) return middle;
    if (order < 0) low = middle + 1;
    else high = middle;
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

export type PackedObject = {
  readonly oid: Uint8Array;
  readonly offset: number;
  readonly crc: number;
};

/** An index without its two trailing checksums; `objects` in the order of their ids. */
export function writePackIndex(objects: readonly PackedObject[]): Uint8Array {
  const large = objects.filter((object) => object.offset >= 0x80000000);
  const bytes = new Uint8Array(oidsAt + objects.length * 28 + large.length * 8);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0xff744f63);
  view.setUint32(4, 2);
  const crcsAt = oidsAt + objects.length * 20;
  const offsetsAt = crcsAt + objects.length * 4;
  let far = 0;
  for (const [place, { oid, offset, crc }] of objects.entries()) {
    bytes.set(oid, oidsAt + place * 20);
    view.setUint32(crcsAt + place * 4, crc);
    if (offset < 0x80000000) view.setUint32(offsetsAt + place * 4, offset);
    else {
      view.setUint32(offsetsAt + place * 4, 0x80000000 + far);
      view.setBigUint64(offsetsAt + objects.length * 4 + far * 8, BigInt(offset));
      far += 1;
    }
    view.setUint32(fanoutAt + (oid[0] ?? 0) * 4, place + 1);
  }
  for (let first = 1; first < 256; first += 1) {
    const at = fanoutAt + first * 4;
    view.setUint32(at, Math.max(view.getUint32(at), view.getUint32(at - 4)));
  }
  return bytes;
}
