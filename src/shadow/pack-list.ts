/** What is in a pack that is being made, in arrays: a first checkpoint writes thousands of trees, and an object for each is slow. */
import type { PackedObjects } from '../snapshot/pack-index.ts';

export type PackList = {
  readonly count: number;
  /** Of 20 bytes. */
  has(oid: Uint8Array): boolean;
  /** Of an id that it does not have yet. */
  add(oid: Uint8Array, offset: number, crc: number): void;
  /** In the order of their ids. */
  sort(): PackedObjects;
};

const idBytes = 20;
const roomAtFirst = 64;

export function openPackList(): PackList {
  let room = roomAtFirst;
  let oids = new Uint8Array(room * idBytes);
  let offsets = new Float64Array(room);
  let crcs = new Uint32Array(room);
  /** By the first bytes of an id: its place and one, or 0; half of them at most are taken. */
  let slots = new Uint32Array(room * 2);
  let count = 0;

  /** Where it is, or where it would go. Ids are as good as random: their first bytes are all the hash there is to make. */
  function findSlot(ids: Uint8Array, from: number): number {
    const last = slots.length - 1;
    let slot = headOf(ids, from) & last;
    for (;;) {
      const taken = slots[slot] ?? 0;
      if (taken === 0 || isSame(oids, (taken - 1) * idBytes, ids, from)) return slot;
      slot = (slot + 1) & last;
    }
  }

  function grow(): void {
    room *= 2;
    oids = enlarge(new Uint8Array(room * idBytes), oids);
    offsets = enlarge(new Float64Array(room), offsets);
    crcs = enlarge(new Uint32Array(room), crcs);
    slots = new Uint32Array(room * 2);
    for (let place = 0; place < count; place += 1)
      slots[findSlot(oids, place * idBytes)] = place + 1;
  }

  return {
    get count() {
      return count;
    },
    has: (oid) => slots[findSlot(oid, 0)] !== 0,
    add(oid, offset, crc) {
      if (count === room) grow();
      slots[findSlot(oid, 0)] = count + 1;
      for (let at = 0; at < idBytes; at += 1) oids[count * idBytes + at] = oid[at] ?? 0;
      offsets[count] = offset;
      crcs[count] = crc;
      count += 1;
    },
    sort: () => sortList({ count, oids, offsets, crcs }),
  };
}

function enlarge<Column extends Uint8Array | Uint32Array | Float64Array>(
  larger: Column,
  old: Column,
): Column {
  larger.set(old);
  return larger;
}

function headOf(ids: Uint8Array, at: number): number {
  const [a = 0, b = 0, c = 0, d = 0] = [ids[at], ids[at + 1], ids[at + 2], ids[at + 3]];
  return ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
}

function isSame(one: Uint8Array, at: number, other: Uint8Array, from: number): boolean {
  for (let byte = 0; byte < idBytes; byte += 1)
    if (one[at + byte] !== other[from + byte]) return false;
  return true;
}

/** So many places fit beside the first four bytes of an id into a number. */
const placeLimit = 2 ** 21;

function sortList({ count, oids, offsets, crcs }: PackedObjects): PackedObjects {
  const order = sortPlaces(oids, count);
  const sorted = {
    count,
    oids: new Uint8Array(count * idBytes),
    offsets: new Float64Array(count),
    crcs: new Uint32Array(count),
  };
  for (let place = 0; place < count; place += 1) {
    const from = order[place] ?? 0;
    for (let byte = 0; byte < idBytes; byte += 1)
      sorted.oids[place * idBytes + byte] = oids[from * idBytes + byte] ?? 0;
    sorted.offsets[place] = offsets[from] ?? 0;
    sorted.crcs[place] = crcs[from] ?? 0;
  }
  return sorted;
}

/** As plain numbers, which are sorted ten times as fast as with a function to compare by; what it could not tell apart is put right after. */
function sortPlaces(oids: Uint8Array, count: number): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, place) => place);
  const compare = (one: number, other: number) => compareIds(oids, one * idBytes, other * idBytes);
  if (count > placeLimit) return order.sort(compare);
  const keys = Float64Array.from(
    order,
    (place) => headOf(oids, place * idBytes) * placeLimit + place,
  );
  keys.sort();
  for (let place = 0; place < count; place += 1) {
    const one = (keys[place] ?? 0) % placeLimit;
    let at = place;
    for (; at > 0 && compare(order[at - 1] ?? 0, one) > 0; at -= 1) order[at] = order[at - 1] ?? 0;
    order[at] = one;
  }
  return order;
}

function compareIds(oids: Uint8Array, one: number, other: number): number {
  for (let byte = 0; byte < idBytes; byte += 1) {
    const order = (oids[one + byte] ?? 0) - (oids[other + byte] ?? 0);
    if (order !== 0) return order;
  }
  return 0;
}
