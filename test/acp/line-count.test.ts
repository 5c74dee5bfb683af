/** What is counted is what a diff shows. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countLines } from '../../src/acp/line-count.ts';

const text = fc
  .array(fc.constantFrom('a', 'b', 'c', ''))
  .map((lines) => lines.map((it) => `${it}\n`).join(''));
const lengthOf = (it: string) => it.split('\n').length - 1;

test('the balance is right, and both ways are the same', () => {
  fc.assert(
    fc.property(text, text, (before, after) => {
      const { added, removed } = countLines(before, after);
      expect(added - removed).toBe(lengthOf(after) - lengthOf(before));
      expect(countLines(after, before)).toEqual({ added: removed, removed: added });
      expect(countLines(before, before)).toEqual({ added: 0, removed: 0 });
    }),
  );
});

test.each([
  ['', 'a\nb', 2, 0],
  ['a\nb\n', '', 0, 2],
  ['a\nb\nc\n', 'a\nx\nc\n', 1, 1],
  ['a\nb\nc\nd\n', 'b\nc\nd\na\n', 1, 1],
  ['same', 'same\n', 0, 0],
])('%j to %j', (before, after, added, removed) => {
  expect(countLines(before, after)).toEqual({ added, removed });
});

test('large and all different is still quick and in balance', () => {
  const many = (mark: string) => Array.from({ length: 20_000 }, (_, n) => `${mark}${n}\n`).join('');
  expect(countLines(many('a'), many('b'))).toEqual({ added: 20_000, removed: 20_000 });
});
