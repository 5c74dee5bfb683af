/** The same text that Node makes of the same bytes, also of bytes that are no UTF-8. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromBase64 } from '../../src/acp/base64.ts';

test('text comes back', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const bytes = Buffer.from(text);
      expect(fromBase64(bytes.toString('base64'))).toBe(bytes.toString());
    }),
  );
});

test('bytes that are no text are marked and do no harm', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const text = fromBase64(Buffer.from(bytes).toString('base64'));
      expect(Buffer.from(text).toString()).toBe(text);
      // Node may mark a run of bad bytes with fewer signs; the good characters are the same.
      const good = (it: string) => it.replaceAll('\ufffd', '');
      expect(good(text)).toBe(good(Buffer.from(bytes).toString()));
    }),
  );
});
