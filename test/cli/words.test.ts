/** Small pieces: times, widths, guesses, and what is made visible. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { showBytes, showCost, showTokens } from '../../src/cli/amounts.ts';
import { layOut } from '../../src/cli/grid.ts';
import { readMoment, showAge, showDuration } from '../../src/cli/moments.ts';
import { showBlock, showJson, showLine } from '../../src/cli/printable.ts';
import { suggest } from '../../src/cli/suggest.ts';
import { cutToWidth, measureWidth, wrapToWidth } from '../../src/cli/width.ts';

const now = Date.parse('2026-03-10T12:00:00Z');
const hourMs = 3_600_000;

test.each([
  ['90s', now - 90_000],
  ['30m', now - hourMs / 2],
  ['2h', now - 2 * hourMs],
  ['1.5 d', now - 36 * hourMs],
  ['1w', now - 168 * hourMs],
  ['2026-03-01T10:00:00Z', Date.parse('2026-03-01T10:00:00Z')],
  ['2026-03-01T10:00+02:00', Date.parse('2026-03-01T08:00:00Z')],
  ['2026-03-01', new Date(2026, 2, 1).getTime()],
  ['soon', undefined],
  ['', undefined],
  ['2026-13-45', undefined],
  ['12', undefined],
])('%j is the moment %s', (text, moment) => {
  expect(readMoment(text, now)).toBe(moment);
});

test.each([
  [0, 'just now'],
  [59_000, '59 s ago'],
  [61_000, '1 min ago'],
  [3 * hourMs, '3 h ago'],
  [50 * hourMs, '2 d ago'],
])('%d ms ago is %s', (ms, said) => {
  expect(showAge(now - ms, now)).toBe(said);
});

test.each([
  [3, '3 ms'],
  [1500, '1.5 s'],
  [42_400, '42 s'],
  [61_000, '1 min 1 s'],
  [2 * hourMs + 60_000, '2 h 1 min'],
])('%d ms last %s', (ms, said) => {
  expect(showDuration(ms)).toBe(said);
});

test('amounts', () => {
  expect([0, 1023, 1024, 5 << 20].map(showBytes)).toEqual(['0 B', '1023 B', '1.0 KB', '5.0 MB']);
  expect(showCost({ amount: 0.25, currency: 'USD' })).toBe('$0.25');
  expect(showCost({ amount: 0.0123, currency: 'EUR' })).toBe('0.0123 EUR');
  expect(showTokens({ input: 5, output: 7 })).toBe('12 tokens');
  expect(showTokens({ total: 123_456 })).toBe('123k tokens');
  expect(showTokens({})).toBeUndefined();
});

test.each([
  ['lgo', 'log'],
  ['LOG', 'log'],
  ['statu', 'status'],
  ['stauts', 'status'],
  ['logs', 'log'],
  ['frobnicate', undefined],
])('%s is taken for %s', (typed, meant) => {
  expect(suggest(typed, ['log', 'show', 'status', 'tail'])).toBe(meant);
});

describe('what is made visible', () => {
  test.each([
    ['plain ü 日本 👩‍👩‍👧 🏳️‍🌈 e\u0301', 'plain ü 日本 👩‍👩‍👧 🏳️‍🌈 e\u0301'],
    ['a\tb\r\nc\n\nd', 'a b ⏎ c ⏎ d'],
    ['\x1b[31m', '\\x1b[31m'],
    ['\u202eabc', '\\u{202e}abc'],
    ['a\u200db', 'a\\u{200d}b'],
    ['\ud800', '\\u{d800}'],
  ])('%j as %j', (text, shown) => {
    expect(showLine(text)).toBe(shown);
  });

  test('a block keeps its lines', () => {
    expect(showBlock('a\r\n\tb\n\x07')).toBe('a\n    b\n\\x07');
  });

  test('JSON has the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string({ unit: 'binary' }), (value, text) => {
        const both = { value, text, nasty: '\u202e\u009b\u{e0041}' };
        expect(JSON.parse(showJson(both, 2))).toEqual(JSON.parse(JSON.stringify(both)));
        expect(showJson(both)).not.toMatch(/[\p{Cc}\u202a-\u202e]/u);
      }),
    );
  });
});

describe('widths', () => {
  test.each([
    ['abc', 3],
    ['日本', 4],
    ['e\u0301', 1],
    ['👩‍👩‍👧', 2],
    ['❤️', 2],
    ['', 0],
  ])('%s is %d wide', (text, width) => {
    expect(measureWidth(text)).toBe(width);
  });

  test('a cut text fits, and says that it was cut', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.integer({ min: 1, max: 20 }),
        (text, limit) => {
          const cut = cutToWidth(text, limit);
          expect(measureWidth(cut)).toBeLessThanOrEqual(limit);
          if (cut !== text) expect(cut.endsWith('…')).toBe(true);
        },
      ),
    );
  });

  test('wrapping loses no word', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z]{1,12}$/)), (words) => {
        const lines = wrapToWidth(words.join(' '), 20);
        expect(lines.join(' ').trim()).toBe(words.join(' '));
        for (const it of lines) expect(it.length).toBeLessThanOrEqual(20);
      }),
    );
  });

  test('columns stand under each other, and the last gives way', () => {
    const rows = [
      ['a', '日本', 'the rest of the line'],
      ['bbb', 'x', ''],
    ].map((row) => row.map((text) => ({ text })));
    const yields = [
      [2, 4],
      [1, 0],
    ] as const;
    expect(layOut(rows, { indent: ' ', columns: undefined, yields })).toEqual([
      ' a    日本  the rest of the line',
      ' bbb  x',
    ]);
    const fits = (columns: number) => layOut(rows, { indent: ' ', columns, yields });
    expect(fits(22)).toEqual([' a    日本  the rest…', ' bbb  x']);
    expect(fits(10)).toEqual([' a    the…', ' bbb']);
  });
});
