/** withoutClaims: what is left of a text without what was claimed, or nothing where that would be a guess. */
import { expect, test } from 'vitest';
import { type ClaimTexts, withoutClaims } from '../../src/undo/without-claims.ts';

const part = (before: string, after: string): ClaimTexts => ({ before, after, whole: false });
const whole = (before: string, after: string): ClaimTexts => ({ before, after, whole: true });

test.each<[string, string, ClaimTexts[], string | undefined]>([
  ['a part', 'a\nB\nc\n', [part('b\n', 'B\n')], 'a\nb\nc\n'],
  ['one upon the other', 'a\nBB\n', [part('b\n', 'B\n'), part('B\n', 'BB\n')], 'a\nb\n'],
  ['a part that is there twice', 'B\nB\n', [part('b\n', 'B\n')], undefined],
  ['a part that is not there any more', 'x\n', [part('b\n', 'B\n')], undefined],
  [
    'a part that was only taken away: where it stood is not told',
    'a\n',
    [part('b\n', '')],
    undefined,
  ],
  ['the whole', 'B\n', [whole('b\n', 'B\n')], 'b\n'],
  [
    'the whole, and lines of others below',
    '1\nB\n3\n4\nx\n',
    [whole('1\nb\n3\n4\n', '1\nB\n3\n4\n')],
    '1\nb\n3\n4\nx\n',
  ],
  ['the whole, and others in the same line', 'x\n', [whole('b\n', 'B\n')], undefined],
  ['nothing', 'a\n', [], 'a\n'],
])('%s', (_, text, claims, rest) => {
  expect(withoutClaims(text, claims)).toBe(rest);
});
