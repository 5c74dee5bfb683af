/** Any bytes that a disk can hold as a name come through text and back unchanged. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readPath, showPath } from '../../src/snapshot/raw-path.ts';

it('any bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      const raw = Buffer.from(bytes).toString('latin1');
      expect(readPath(showPath(raw))).toBe(raw);
      expect(readPath(JSON.parse(JSON.stringify(showPath(raw))))).toBe(raw);
    }),
  );
});

it('shows UTF-8 as the text it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      if (/[\ud800-\udfff]/.test(text.replace(/[\ud800-\udbff][\udc00-\udfff]/g, ''))) return;
      expect(showPath(Buffer.from(text).toString('latin1'))).toBe(text);
    }),
  );
});
