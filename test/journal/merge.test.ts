/** The laws of merging several writers' journals. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Entry } from '../../src/journal/entry.ts';
import { mergeJournals } from '../../src/journal/merge.ts';
import { sizeOf } from '../soak.ts';

const numRuns = sizeOf(100, 20_000);

/** A writer's journal, with a clock that goes as it likes. */
const journalArbitrary = (writer: string) =>
  fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 12 }).map((times) =>
    times.map(
      (at, index): Entry => ({
        writer,
        seq: index + 1,
        at,
        mono: index,
        event: { type: 'x', at } as never,
      }),
    ),
  );
const journalsArbitrary = fc.tuple(...['A', 'B', 'C'].map(journalArbitrary));
/** What two machines have of the same journals: any part of each. */
const partsArbitrary = journalsArbitrary.chain((journals) => {
  const part = fc.tuple(...journals.map((it) => fc.subarray(it)));
  return fc.tuple(part, part, part);
});

test('merging is a union: in any order, any grouping, however often', () => {
  fc.assert(
    fc.property(partsArbitrary, ([a, b, c]) => {
      const all = mergeJournals([...a, ...b, ...c]);
      expect(mergeJournals([...c, ...a, ...b])).toEqual(all);
      expect(mergeJournals([mergeJournals([...a, ...b]), mergeJournals(c)])).toEqual(all);
      expect(mergeJournals([...a, mergeJournals([...b, ...c])])).toEqual(all);
      expect(mergeJournals([all, all])).toEqual(all);
      const names = new Set([...a, ...b, ...c].flat().map((it) => `${it.writer}${it.seq}`));
      expect(all.length).toBe(names.size);
    }),
    { numRuns: numRuns },
  );
});

test('a writer’s entries stay in its order, whatever its clock did', () => {
  fc.assert(
    fc.property(journalsArbitrary, (journals) => {
      const all = mergeJournals(journals);
      for (const [index, writer] of ['A', 'B', 'C'].entries())
        expect(all.filter((it) => it.writer === writer)).toEqual(journals[index]);
    }),
    { numRuns: numRuns },
  );
});

test('where no clock goes back, entries are by time, then writer, then seq', () => {
  fc.assert(
    fc.property(journalsArbitrary, (journals) => {
      const sane = journals.map((it) =>
        it.toSorted((a, b) => a.at - b.at).map((entry, index) => ({ ...entry, seq: index + 1 })),
      );
      const all = mergeJournals(sane);
      const expected = sane
        .flat()
        .sort((a, b) => a.at - b.at || a.writer.localeCompare(b.writer) || a.seq - b.seq);
      expect(all).toEqual(expected);
    }),
    { numRuns: numRuns },
  );
});

test('a clock that went back an hour pulls nothing before what came before it', () => {
  const entry = (writer: string, seq: number, at: number): Entry => ({
    writer,
    seq,
    at,
    mono: 0,
    event: { type: 'x' } as never,
  });
  const back = [entry('A', 1, 1000), entry('A', 2, 400), entry('A', 3, 1100)];
  const other = [entry('B', 1, 500), entry('B', 2, 1050)];
  expect(mergeJournals([other, back]).map((it) => `${it.writer}${it.seq}`)).toEqual([
    'B1',
    'A1',
    'A2',
    'B2',
    'A3',
  ]);
});
