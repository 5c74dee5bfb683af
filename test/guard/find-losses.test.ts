/** Losses on every mix of changes: what an oracle that knows who wrote each line says. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { countLost, findLosses, intersectRanges } from '../../src/guard/find-losses.ts';
import { sizeOf } from '../soak.ts';

/** Each line is one of a kind, so that who wrote it can be read off it. */
type Move = { readonly by: 'other' | 'agent'; readonly at: number; readonly does: 'add' | 'drop' };

const moves = fc.array(
  fc.record<Move>({
    by: fc.constantFrom('other', 'agent'),
    at: fc.nat(40),
    does: fc.constantFrom('add', 'drop'),
  }),
  { maxLength: 12 },
);

const join = (lines: readonly string[]) => lines.map((it) => `${it}\n`).join('');

function play(start: readonly string[], list: readonly Move[], by: Move['by']): string[] {
  const lines = [...start];
  list.forEach((move, n) => {
    if (move.by !== by) return;
    const at = move.at % (lines.length + 1);
    if (move.does === 'add') lines.splice(at, 0, `${by}${n}`);
    else lines.splice(at, 1);
  });
  return lines;
}

const numRuns = sizeOf(300, 5000);

it('an agent that writes from the older version loses exactly what the other did', () => {
  fc.assert(
    fc.property(fc.nat(20), moves, (length, list) => {
      const seen = Array.from({ length }, (_, at) => `line${at}`);
      const found = play(seen, list, 'other');
      const wanted = play(seen, list, 'agent');
      const losses = findLosses({ seen: join(seen), found: join(found), wanted: join(wanted) });
      expect(countLost(losses)).toBe(found.filter((it) => !seen.includes(it)).length);
      const dropped = seen.filter((it) => !found.includes(it) && wanted.includes(it));
      expect(losses.revived).toBe(dropped.length);
    }),
    { numRuns },
  );
});

it('an agent that writes from what is there loses nothing, whatever it does to its own lines', () => {
  fc.assert(
    fc.property(fc.nat(20), moves, (length, list) => {
      const seen = Array.from({ length }, (_, at) => `line${at}`);
      const found = play(seen, list, 'other');
      const adds = list.map((move) => ({ ...move, does: 'add' as const }));
      const wanted = play(found, adds, 'agent').filter(
        (it) => !it.startsWith('line') || !it.endsWith('3'),
      );
      const losses = findLosses({ seen: join(seen), found: join(found), wanted: join(wanted) });
      expect(losses).toEqual({ lost: [], revived: 0 });
    }),
    { numRuns },
  );
});

it('an agent that knew a line and took it out has lost nothing', () => {
  const text = 'a\nb\nc\n';
  expect(findLosses({ seen: text, found: text, wanted: 'a\n' })).toEqual({ lost: [], revived: 0 });
});

it('says where, in the text that is written over', () => {
  const losses = findLosses({
    seen: 'a\nb\nc\nd\n',
    found: 'new\nnewer\na\nb\nc\nlater\nd\n',
    wanted: 'a\nB\nc\nd\n',
  });
  expect(losses.lost).toEqual([
    { line: 1, count: 2 },
    { line: 6, count: 1 },
  ]);
});

it('what two have in common, line by line', () => {
  const one = [
    { line: 1, count: 3 },
    { line: 7, count: 2 },
  ];
  expect(intersectRanges(one, [{ line: 3, count: 5 }])).toEqual([
    { line: 3, count: 1 },
    { line: 7, count: 1 },
  ]);
  expect(intersectRanges(one, [])).toEqual([]);
});

it('a bracket that goes elsewhere is not the one that somebody put in', () => {
  const seen = 'f {\n}\ng {\n}\n';
  const found = 'f {\n}\ng {\n}\nh {\n}\n';
  const wanted = 'f {\n}\nh {\n}\n';
  expect(findLosses({ seen, found, wanted })).toEqual({ lost: [], revived: 0 });
});
