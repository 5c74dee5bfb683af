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
      for (const [place, oid] of ids.entries()) {
        expect(list.has(oid)).toBe(false);
        list.add(oid, offsetOf(place), place * 77);
        expect(list.has(oid)).toBe(true);
      }
      expect(list.count).toBe(ids.length);
      expect(ids.every((oid) => list.has(oid))).toBe(true);
      const index = readBack(list);
      for (const [place, oid] of ids.entries()) {
        const found = findObject(index, oid, 0);
        expect(Buffer.from(readObjectId(index, found)).equals(oid)).toBe(true);
        expect([readOffset(index, found), readCrc(index, found)]).toEqual([
          offsetOf(place),
          place * 77,
        ]);
        const other = Buffer.from(oid);
        other[19] = (other[19] ?? 0) ^ 1;
        if (!list.has(other)) expect(findObject(index, other, 0)).toBe(-1);
      }
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
