/** The peeker against a parser, for arbitrary messages and cuts. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openMethodPeeker, type Peeked } from '../../src/proxy/method-peeker.ts';
import { sizeOf } from '../soak.ts';

const numRuns = sizeOf(100, 20_000);

function peek(bytes: Buffer, cuts: readonly number[] = []): Peeked {
  const peeker = openMethodPeeker();
  const ends = [...cuts.map((it) => it % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  let start = 0;
  for (const end of ends) {
    const peeked = peeker.feed(bytes, start, end);
    if (peeked.kind !== 'unknown') return peeked;
    start = end;
  }
  return { kind: 'unknown' };
}

/** What a parser would say: the first of method, result and error decides. */
function oracle(message: object): Peeked {
  for (const [key, value] of Object.entries(message)) {
    if (key === 'result' || key === 'error') return { kind: 'none' };
    if (key === 'method' && typeof value === 'string') return { kind: 'method', method: value };
  }
  return { kind: 'none' };
}

const message = fc.dictionary(
  fc.oneof(fc.constantFrom('method', 'result', 'error', 'id', 'params'), fc.string()),
  fc.oneof(fc.constantFrom('session/prompt', 'fs/write_text_file', 'a\\b"c'), fc.jsonValue()),
  { noNullPrototype: true },
);

test('it says what a parser would say, however the line is cut and spaced', () => {
  fc.assert(
    fc.property(message, fc.array(fc.nat()), fc.constantFrom(0, 2), (value, cuts, indent) => {
      const bytes = Buffer.from(JSON.stringify(value, null, indent));
      expect(peek(bytes, cuts)).toEqual(oracle(value));
    }),
    { numRuns: numRuns },
  );
});

test.each([
  [
    'an escaped slash',
    '{"method":"session\\/prompt"}',
    { kind: 'method', method: 'session/prompt' },
  ],
  [
    'method after params',
    '{"params":{"method":"x"},"method":"y"}',
    { kind: 'method', method: 'y' },
  ],
  ['a byte order mark', '\ufeff{"method":"m"}', { kind: 'method', method: 'm' }],
  ['a batch', '[{"method":"m"}]', { kind: 'none' }],
  ['a log line', 'starting "method" up', { kind: 'none' }],
  ['an answer', '{"id":1,"result":{"method":"m"}}', { kind: 'none' }],
  ['an unfinished line', '{"id":1,"meth', { kind: 'unknown' }],
  ['closing braces only', '}}}', { kind: 'none' }],
  ['a method that is no string', '{"method":1}', { kind: 'none' }],
])('%s', (_name, text, expected) => {
  expect(peek(Buffer.from(text))).toEqual(expected);
});
