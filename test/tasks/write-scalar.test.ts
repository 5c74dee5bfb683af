/** Texts as YAML: plain where nobody can take it for something else, and always read as they were meant. */
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { writeScalar } from '../../src/tasks/write-scalar.ts';

const manner = { inFlow: false, indent: '  ', newline: '\n' };

test.each([
  ['plain words', 'plain words'],
  ['9fceb02d0ae598e95dc970b74767f19372d61af8', '9fceb02d0ae598e95dc970b74767f19372d61af8'],
  ['src/日本 é.ts', 'src/日本 é.ts'],
  ['2026-11-21T10:00:00Z', '2026-11-21T10:00:00Z'],
  ['a:b', 'a:b'],
  ['1234567', '"1234567"'],
  ['12e4567', '"12e4567"'],
  ['0x1f', '"0x1f"'],
  ['1.5', '"1.5"'],
  ['12:30', '"12:30"'],
  ['2026-11-21', '"2026-11-21"'],
  ['no', '"no"'],
  ['Null', '"Null"'],
  ['', '""'],
  [' x', '" x"'],
  ['x ', '"x "'],
  ['a: b', '"a: b"'],
  ['a #b', '"a #b"'],
  ['- a', '"- a"'],
  ['a, b', '"a, b"'],
  ['[a]', '"[a]"'],
  ['\u2028\u0085\ufeff', '"\\u2028\\u0085\\ufeff"'],
  ['a\nb', '|-\n  a\n  b'],
  ['a\n\n b\n', '|\n  a\n\n   b'],
  ['a\n b\n\n', '|+\n  a\n   b\n'],
  ['a\tb\nc', '"a\\tb\\nc"'],
])('%j is %s', (text, wanted) => {
  expect(writeScalar(text, manner)).toBe(wanted);
  expect(parse(`k: ${wanted}\n`)).toEqual({ k: text });
  const version = { version: '1.1' } as const;
  if (!text.includes('T')) expect(parse(`k: ${wanted}\n`, version)).toEqual({ k: text });
});

test('in the manner of what stood there', () => {
  expect(writeScalar("it's", { ...manner, type: 'QUOTE_SINGLE' })).toBe("'it''s'");
  expect(writeScalar('x', { ...manner, type: 'QUOTE_DOUBLE' })).toBe('"x"');
  expect(writeScalar('a\nb', { ...manner, inFlow: true })).toBe('"a\\nb"');
  expect(writeScalar('a\nb', { ...manner, inLine: true })).toBe('"a\\nb"');
});
