/** The changes of a text: laws for any two texts, and what happens when there is too much. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Edit, listChanges, splitLines } from '../../src/snapshot/edit-lines.ts';

const line = fc.constantFrom('a\n', 'b\n', 'c\n', '{\n', '\r\n', '\n');
const text = fc
  .tuple(fc.array(line, { maxLength: 30 }), fc.constantFrom('', 'end'))
  .map(([lines, end]) => lines.join('') + end);

function apply(before: string, edits: readonly Edit[]): string {
  const base = splitLines(before);
  let at = 0;
  let after = '';
  for (const edit of edits) {
    after += base.slice(at, edit.from).join('') + edit.lines.join('');
    at = edit.to;
  }
  return after + base.slice(at).join('');
}

/** By the book, without any of the short cuts. */
function countCommon(old: readonly string[], now: readonly string[]): number {
  let row = new Array<number>(now.length + 1).fill(0);
  for (const one of old) {
    const next = [0];
    for (const [at, other] of now.entries())
      next.push(one === other ? (row[at] ?? 0) + 1 : Math.max(next[at] ?? 0, row[at + 1] ?? 0));
    row = next;
  }
  return row.at(-1) ?? 0;
}

describe('laws', () => {
  it('the changes make the one text of the other', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        expect(apply(before, listChanges(before, after).edits)).toBe(after);
      }),
    );
  });

  it('they keep as many lines as can be kept', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const { edits } = listChanges(before, after);
        const [old, now] = [splitLines(before), splitLines(after)];
        const removed = edits.reduce((sum, edit) => sum + edit.to - edit.from, 0);
        expect(old.length - removed).toBe(countCommon(old, now));
      }),
    );
  });

  it('each is something, and stands apart from the one before', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        let end = -1;
        for (const edit of listChanges(before, after).edits) {
          expect(edit.from).toBeGreaterThan(end);
          expect(edit.to - edit.from + edit.lines.length).toBeGreaterThan(0);
          end = edit.to;
        }
      }),
    );
  });
});

const count = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, at) => `line ${from + at}\n`);

describe('too much', () => {
  const whole = (from: number, to: number, lines: number) => ({ from, to, lines });
  const told = (before: string, after: string) => {
    const { edits, isCoarse } = listChanges(before, after);
    return { isCoarse, edits: edits.map((it) => whole(it.from, it.to, it.lines.length)) };
  };

  it('many lines that are alike are no trouble', () => {
    const lines = count(0, 100_000);
    expect(told(lines.join(''), lines.with(70_000, 'x\n').join(''))).toEqual({
      isCoarse: false,
      edits: [whole(70_000, 70_001, 1)],
    });
  });

  it('nor is a text that was written anew', () => {
    const [before, after] = [count(0, 15_000), count(20_000, 35_000)];
    expect(told(['a\n', ...before, 'b\n'].join(''), [...after, 'a\n'].join(''))).toMatchObject({
      isCoarse: false,
    });
  });

  it.each([
    ['lines', count(0, 30_000), count(0, 30_000).with(0, 'x\n').with(29_990, 'y\n'), 29_991],
    ['bytes', [`${'x'.repeat(2 << 20)}\n`, 'b\n', 'c\n'], ['a\n', 'b\n', 'd\n'], 3],
    ['disorder', count(0, 9000), count(0, 9000).reverse(), 9000],
  ])('too many %s: all from the first to the last is one change', (_, before, after, to) => {
    expect(told(before.join(''), after.join(''))).toEqual({
      isCoarse: true,
      edits: [whole(0, to, to)],
    });
  });
});
