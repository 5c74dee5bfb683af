/** The scenarios that attribution is accepted by, each line's class asserted after every step. */
import { afterAll, expect, test } from 'vitest';
import { scenarios } from './scenarios.ts';
import { playScenario } from './stage.ts';

const count = 40;
const passed = new Set<number>();
const failed = new Set<number>();

test.each(scenarios)('$n $name', async (scenario) => {
  failed.add(scenario.n);
  await playScenario(scenario);
  failed.delete(scenario.n);
  passed.add(scenario.n);
});

test('none is left out', () => {
  const all = Array.from({ length: count }, (_, at) => at + 1);
  const numbers = new Set(scenarios.map(({ n }) => n));
  expect(all.filter((n) => !numbers.has(n))).toEqual([]);
});

afterAll(() => {
  const sound = [...passed].filter((n) => !failed.has(n)).length;
  process.stderr.write(`scenarios: ${sound} of ${count}\n`);
});
