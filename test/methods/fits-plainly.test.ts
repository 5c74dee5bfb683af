/** That a glance never lets through what the validator would refuse, and saves loading it when all is well. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fitsPlainly } from '../../src/methods/fits-plainly.ts';
import { methods } from '../../src/methods/table.ts';
import { compileSchema, readPart } from '../../src/methods/validate.ts';
import { sizeOf } from '../soak.ts';

const names = Object.keys(methods);
/** Of each method: most share the shapes of their parameters. */
const numRuns = sizeOf(500, 2000);
const fields = [
  'session',
  'agent',
  'since',
  'until',
  'path',
  'grep',
  'limit',
  'id',
  '__proto__',
  'x',
];
const values = fc.oneof(
  fc.constantFrom(0, 1, 1000, 1001, -1, 1.5, Number.NaN, '', 'a', true, null),
  fc.jsonValue(),
);
const params = fc.oneof(fc.dictionary(fc.constantFrom(...fields), values), values);

test.each(names)('%s: what fits at a glance is valid, and what is valid fits', async (method) => {
  const schema = readPart(`rpc/${method}`, 'params');
  const check = await compileSchema(`rpc/${method}`, 'params');
  fc.assert(
    fc.property(params, (value) => {
      expect(fitsPlainly(schema, value)).toBe(check(value));
    }),
    { numRuns },
  );
});

test.each([
  [{ type: 'object', properties: {}, patternProperties: {} }, {}],
  [{ type: ['string', 'null'] }, 'a'],
  [{ type: 'object', additionalProperties: { type: 'string' } }, {}],
  [{ $ref: 'part/cost' }, {}],
])('of %j it cannot tell', (schema, value) => {
  expect(fitsPlainly(schema, value)).toBe(false);
});
