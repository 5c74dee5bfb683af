/** Whatever JSON says at a path is found as it was written. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rawValueAt } from '../../src/acp/raw-value.ts';

const noise = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 5 });
const space = fc.constantFrom('', ' ', '\n\t');

test('the id of any message', () => {
  fc.assert(
    fc.property(noise, fc.bigInt(), noise, space, (before, id, after, gap) => {
      const { id: _a, ...head } = before;
      const { id: _b, ...tail } = after;
      const inner = (it: object) => JSON.stringify(it).slice(1, -1);
      const members = [inner(head), `"id"${gap}:${gap}${id}${gap}`, inner(tail)];
      const text = `${gap}{${members.filter((it) => it !== '').join(',')}}`;
      expect(rawValueAt(text, ['id'])).toBe(String(id));
    }),
  );
});

test('inside, doubled, escaped, missing', () => {
  const at = (text: string) => rawValueAt(text, ['params', 'requestId']);
  expect(at('{"other":{"requestId":1},"params":{"a":[{"requestId":2}],"requestId":3}}')).toBe('3');
  expect(at('{"params":{"requestId":1},"params":{"requestId":2}}')).toBe('2');
  expect(at('{"p\\u0061rams":{"requestId":1e400 }}')).toBe('1e400');
  expect(at('{"params":{"x":"\\"requestId\\":5"}}')).toBe(undefined);
  expect(at('{"params":7}')).toBe(undefined);
  expect(at('{}')).toBe(undefined);
});
