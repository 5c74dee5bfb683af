/** A text is cut into the same lines, whatever it is held against. */
import '../seed.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cutAlike } from '../../src/attribution/cut-alike.ts';
import { cutLines } from '../../src/attribution/text-lines.ts';

const piece = fc.oneof(
  fc.constantFrom('\n', 'a', 'b\n', '\n\n', 'line\n'),
  // Longer than what is compared at once.
  fc.constantFrom('x'.repeat(5000), 'y\n'.repeat(2100)),
);
const part = fc.array(piece, { maxLength: 5 }).map((it) => it.join(''));
const text = (value: string) => ({ text: value, lines: cutLines(value) });

test('by what it has in common with another text, or has not', () => {
  fc.assert(
    fc.property(part, part, part, part, (start, was, is, end) => {
      const next = start + is + end;
      const lines = cutAlike(text(start + was + end), next);
      expect(lines.join('|')).toBe(cutLines(next).join('|'));
    }),
    { numRuns: 300 },
  );
});
