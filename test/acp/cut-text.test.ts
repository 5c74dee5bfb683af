/** Cuts keep what they keep unchanged, and never leave half of what may be a secret. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { headOf, tailOf } from '../../src/acp/cut-text.ts';

const token = fc.string({
  unit: fc.constantFrom(...'abcXYZ019+/=_-'),
  minLength: 20,
  maxLength: 60,
});
const words = fc.array(fc.oneof(token, fc.constantFrom(' ', '\n', '"', ', ', 'é', '😀')), {
  maxLength: 60,
});

test('head and tail are of the text, within the limit, and of whole tokens', () => {
  fc.assert(
    fc.property(words, fc.integer({ min: 1, max: 300 }), (pieces, limit) => {
      const text = pieces.join('');
      const tokens = new Set(text.match(/[\w+/=-]+/g));
      for (const [piece, isPart] of [
        [headOf(text, limit), text.startsWith(headOf(text, limit))],
        [tailOf(text, limit), text.endsWith(tailOf(text, limit))],
      ] as const) {
        expect(isPart).toBe(true);
        expect(piece.length).toBeLessThanOrEqual(limit);
        expect(Buffer.from(piece).toString()).toBe(piece);
        for (const it of piece.match(/[\w+/=-]+/g) ?? []) expect(tokens).toContain(it);
      }
    }),
  );
});

test('a key block that is cut through is left out', () => {
  const key = `-----BEGIN PRIVATE KEY-----\n${'MIIE\n'.repeat(40)}-----END PRIVATE KEY-----\n`;
  expect(headOf(`before\n${key}`, 60)).toBe('before\n');
  expect(tailOf(`${key}after\n`, 60)).toBe('after\n');
  expect(tailOf(`${key}after\n`, 20)).toBe('after\n');
  expect(tailOf(`x ${'-----BEGIN PRIVATE KEY-----\n'}${'MIIE\n'.repeat(40)}`, 50)).toBe('');
});
