/** A pack's list knows what is in it, however alike the ids are, and its index finds each again where it lies. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openPackList } from '../../src/shadow/pack-list.ts';
import {
  findObject,
  readCrc,
  readObjectId,
  readOffset,
  readPackIndex,
  writePackIndex,
} from '../../src/snapshot/pack-index.ts';

/** Much alike: what the first bytes tell apart is not all there is. */
const oids = fc.uniqueArray(
  fc
    .tuple(
      fc.constantFrom([0, 0, 0, 0], [255, 255, 255, 255], [7, 0, 0, 1], [7, 0, 0, 2], undefined),
      fc.uint8Array({ minLength: 4, maxLength: 4 }),
      fc.uint8Array({ minLength: 16, maxLength: 16 }),
    )
    .map(([head, other, rest]) => Buffer.from([...(head ?? other), ...rest])),
  { selector: (oid) => oid.toString('hex'), maxLength: 400, size: 'max' },
);
const farFrom = 2 ** 31;
const flipLast = (oid: Buffer) => Buffer.of((oid[19] ?? 0) ^ 1);

function readBack(list: ReturnType<typeof openPackList>) {
  const bytes = Buffer.concat([writePackIndex(list.sort()), Buffer.alloc(40)]);
  const index = readPackIndex(bytes);
  if (!index) throw new Error('no index');
  return index;
}

test('what was added is there, and nothing else; the index has it in order, near and far', () => {
  fc.assert(
    fc.property(oids, fc.array(fc.boolean()), (ids, fars) => {
      const list = openPackList();
      const offsetOf = (place: number) => (fars[place] ? farFrom * 3 : 12) + place;
      // One comparison for all: of hundreds of ids, thousands would cost seconds.
      const had = ids.map((oid, place) => {
        const before = list.has(oid);
        list.add(oid, offsetOf(place), place * 77);
        return [before, list.has(oid)];
      });
      expect(had).toEqual(ids.map(() => [false, true]));
      expect(list.count).toBe(ids.length);
      expect(ids.every((oid) => list.has(oid))).toBe(true);
      const index = readBack(list);
      const found = ids.map((oid) => findObject(index, oid, 0));
      expect(found.map((at) => Buffer.from(readObjectId(index, at)).toString('hex'))).toEqual(
        ids.map((oid) => oid.toString('hex')),
      );
      expect(found.map((at) => [readOffset(index, at), readCrc(index, at)])).toEqual(
        ids.map((_, place) => [offsetOf(place), place * 77]),
      );
      const others = ids.map((oid) => Buffer.concat([oid.subarray(0, 19), flipLast(oid)]));
      const missing = others.filter((oid) => !list.has(oid));
      expect(missing.filter((oid) => findObject(index, oid, 0) !== -1)).toEqual([]);
      const sorted = ids.toSorted(Buffer.compare).map((oid) => oid.toString('hex'));
      const listed = sorted.map((_, place) => Buffer.from(readObjectId(index, place)));
      expect(listed.map((oid) => oid.toString('hex'))).toEqual(sorted);
    }),
    { numRuns: 60 },
  );
});

test('an id is found in a window onto other bytes too', () => {
  const list = openPackList();
  const oid = Buffer.from('00112233445566778899aabbccddeeff00112233', 'hex');
  list.add(oid, farFrom - 1, 1);
  list.add(Buffer.alloc(20, 9), farFrom, 2);
  const index = readBack(list);
  const window = Buffer.concat([Buffer.alloc(5, 1), oid]);
  expect(findObject(index, window, 5)).toBe(0);
  expect([readOffset(index, 0), readOffset(index, 1)]).toEqual([farFrom - 1, farFrom]);
  expect(findObject(readBack(openPackList()), oid, 0)).toBe(-1);
});

test('an index that is cut, of another kind, or out of order at its head is none', () => {
  const list = openPackList();
  for (const first of [3, 9, 200]) list.add(Buffer.alloc(20, first), farFrom * first, 1);
  const bytes = Buffer.concat([writePackIndex(list.sort()), Buffer.alloc(40)]);
  const isOne = (it: Buffer) => readPackIndex(it) !== undefined;
  const change = (at: number, value: number) => {
    const other = Buffer.from(bytes);
    other[at] = value;
    return other;
  };
  expect(isOne(bytes)).toBe(true);
  for (const size of [0, 7, 1_071, bytes.length - 3 * 8 - 1])
    expect([size, isOne(bytes.subarray(0, size))]).toEqual([size, false]);
  // As many as of the byte 100, by its head: more than there are in all.
  for (const at of [0, 7, 8 + 100 * 4 + 3]) expect([at, isOne(change(at, 9))]).toEqual([at, false]);
  // Where one lies that is far off is said behind all others, or nowhere.
  const index = readPackIndex(bytes.subarray(0, bytes.length - 8));
  if (!index) throw new Error('no index');
  expect([0, 1, 2].map((place) => readOffset(index, place))).toEqual([
    farFrom * 3,
    farFrom * 9,
    -1,
  ]);
});
