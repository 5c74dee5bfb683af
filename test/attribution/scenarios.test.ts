/** The scenarios that attribution is accepted by, each line's class asserted after every step. */
import { expect, test } from 'vitest';
import { scenarios } from './scenarios.ts';
import { playScenario } from './stage.ts';

const [first, last] = [1, 39];

test.each(scenarios)('$n $name', { timeout: 60_000 }, async (scenario) => {
  await playScenario(scenario);
});

test('none is left out', () => {
  const numbers = new Set(scenarios.map(({ n }) => n));
  // The fortieth is about time, and is in the bench.
  const all = Array.from({ length: last }, (_, at) => first + at);
  expect(all.filter((n) => !numbers.has(n))).toEqual([]);
});
