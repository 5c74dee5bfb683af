/** That a message is read as JSON.parse would, that ids stay as they were written, and that nothing is thrown. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isDeeper, splitArray } from '../../src/rpc/json-text.ts';
import { readMessage } from '../../src/rpc/read-message.ts';

/** JSON with spaces, tabs and breaks where they may be. */
const spaced = fc
  .tuple(fc.jsonValue(), fc.constantFrom('', ' ', '\t', '\r\n '))
  .map(([value, gap]) => {
    const plain = JSON.stringify(value, undefined, gap === '' ? undefined : '\t');
    return { value: JSON.parse(plain) as unknown, text: `${gap}${plain}${gap}` };
  });

test('the elements of an array are cut where JSON.parse would cut them', () => {
  fc.assert(
    fc.property(fc.array(spaced, { maxLength: 6 }), (elements) => {
      const text = `[${elements.map((it) => it.text).join(',')}]`;
      expect(splitArray(text).map((it) => JSON.parse(it))).toEqual(JSON.parse(text));
    }),
  );
});

test('depth is what it is, whatever stands in strings', () => {
  const depthOf = (value: unknown): number =>
    typeof value === 'object' && value !== null
      ? 1 + Math.max(0, ...Object.values(value).map(depthOf))
      : 0;
  fc.assert(
    fc.property(spaced, fc.nat(6), ({ text, value }, limit) => {
      expect(isDeeper(text.padEnd(20), limit)).toBe(limit < depthOf(value));
    }),
  );
});

/** An id in some of the ways in which it can be written. */
const writtenId = fc.oneof(
  fc.bigInt().map(String),
  fc.tuple(fc.bigInt(), fc.constantFrom('.0', 'e1', 'E+2', '.250')).map((it) => it.join('')),
  fc.string().map((it) => JSON.stringify(it)),
  fc
    .string()
    .map(
      (it) =>
        `"${[...it].map((c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')}"`,
    ),
  fc.constant('null'),
);

test('an id comes out as it was written, wherever it stands', () => {
  const params = fc.dictionary(fc.constantFrom('id', 'method', 'a'), fc.jsonValue());
  fc.assert(
    fc.property(
      writtenId,
      params,
      fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }),
      (id, told, order) => {
        const members = [
          '"jsonrpc":"2.0"',
          ` "id" : ${id} `,
          '"method":"a/b"',
          `"params":${JSON.stringify(told)}`,
        ];
        const text = `{${order.map((it) => members[it]).join(',')}}`;
        const said = readMessage(Buffer.from(text));
        expect(said).toMatchObject({ one: { kind: 'call', id, method: 'a/b' } });
        const batch = readMessage(Buffer.from(`[ ${text} ,${text}]`));
        expect(batch).toMatchObject({ batch: [{ id }, { id }] });
      },
    ),
  );
});

test('any bytes at all are read or refused', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.json().map((it) => Buffer.from(it)),
    fc
      .record(
        {
          jsonrpc: fc.constantFrom('2.0', 2),
          id: fc.jsonValue(),
          method: fc.jsonValue(),
          params: fc.jsonValue(),
        },
        { requiredKeys: [] },
      )
      .map((it) => Buffer.from(JSON.stringify(it))),
  );
  fc.assert(
    fc.property(bytes, (it) => {
      const said = readMessage(it);
      for (const message of 'one' in said ? [said.one] : said.batch)
        if (message.kind === 'wrong') expect(() => JSON.parse(message.id)).not.toThrow();
    }),
    { numRuns: 1_000 },
  );
});
