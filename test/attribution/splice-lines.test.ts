/** Lines made from those of the text before are those of the text itself. */
import '../seed.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openDraft } from '../../src/attribution/open-draft.ts';
import { spliceLines } from '../../src/attribution/splice-lines.ts';
import { cutLines, readText } from '../../src/attribution/text-lines.ts';
import { byteHands } from '../../src/methods/byte-hands.ts';
import { nameText } from '../../src/methods/name-text.ts';

const piece = fc.constantFrom('\n', 'a', 'b\n', '\n\n', 'line\n', 'aa');
const part = fc.array(piece, { maxLength: 4 }).map((it) => it.join(''));

test('whatever is replaced by whatever', () => {
  fc.assert(
    fc.property(part, part, part, part, (start, before, after, end) => {
      const text = start + before + end;
      const splice = { at: start.length, before, after };
      const lines = spliceLines(
        { lines: cutLines(text), endsInBreak: text.endsWith('\n') },
        splice,
      );
      expect(lines).toEqual(cutLines(start + after + end));
    }),
    { numRuns: 500 },
  );
});

function openFollowing() {
  const draft = openDraft(byteHands);
  return (text: string, before: string, after: string, to: string) =>
    draft.follow(
      { oid: nameText(text), text: readText(text) },
      { before, after, isWhole: false },
      nameText(to),
    );
}

test('a draft follows claims from version to version, and stays what it was where one is not true', () => {
  const follow = openFollowing();
  const first = 'one\ntwo\nthree\n';
  const second = `one\n${'longer than there is room '.repeat(9)}\nthree\n`;
  expect(follow(first, 'two', 'zwei', second)).toBeUndefined();
  expect(follow(first, 'two\n', second.slice(4, -6), second)).toMatchObject({
    chars: second.length,
  });
  expect(follow(second, 'three\n', 'three', second.slice(0, -1))).toMatchObject({
    lines: cutLines(second),
    endsInBreak: false,
  });
  // Of another version than the one it holds.
  expect(follow(first, 'three', 'drei', 'one\ntwo\ndrei\n')).toMatchObject({ endsInBreak: true });
});

test('a draft follows no claim that fits in two places, or that makes other bytes than are read', () => {
  const follow = openFollowing();
  expect(follow('a\nb\na\n', 'a\n', 'c\n', 'c\nb\na\n')).toBeUndefined();
  expect(follow('a\nb\n', 'b', 'b\r', 'a\nb\r\n')).toBeUndefined();
  expect(follow('a\rb\n', 'b', '', 'a\r\n')).toBeUndefined();
  expect(follow('a\nb\n', 'a', '\xef\xbb\xbfa', '\xef\xbb\xbfa\nb\n')).toBeUndefined();
  // Done already in one place, and so meant in the other.
  expect(follow('ab\na\n', 'a', 'ab', 'ab\nab\n')).toMatchObject({ lines: ['ab', 'ab'] });
});
