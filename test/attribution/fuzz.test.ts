/** Random stories of people and agents: no line is ever credited to an agent without evidence. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { longestMs, sizeOf, tellFigures } from '../soak.ts';
import { type Edit, type Op, playOps, type Tally } from './model.ts';

const runs = sizeOf(1000, 10_000);
const opLimit = 14;

const part = fc.double({ min: 0, max: 0.999, noNaN: true });
const edit: fc.Arbitrary<Edit> = fc.record({
  at: part,
  gone: fc.integer({ min: 0, max: 3 }),
  made: fc.integer({ min: 0, max: 5 }),
});
const agent = fc.constantFrom('A', 'B');
const op: fc.Arbitrary<Op> = fc.oneof(
  fc.record({ kind: fc.constant('person' as const), edit }),
  fc.record({
    kind: fc.constant('claim' as const),
    agent,
    edit,
    isWhole: fc.boolean(),
    isFormatted: fc.boolean(),
    lingers: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('refused' as const), agent, edit }),
  fc.record({ kind: fc.constant('command' as const), agent, edit }),
  fc.record({ kind: fc.constant('race' as const), edit }),
  fc.record({ kind: fc.constant('both' as const), agent, edit, other: edit }),
  fc.record({ kind: fc.constant('indent' as const) }),
  fc.record({ kind: fc.constant('rename' as const) }),
  fc.record({ kind: fc.constant('ends' as const) }),
  fc.record({ kind: fc.constant('back' as const), to: part }),
  fc.record({ kind: fc.constant('move' as const), from: part, to: part }),
);

test(`${runs} stories`, { timeout: longestMs }, async () => {
  const tally: Tally = {};
  let played = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(op, { minLength: 1, maxLength: opLimit }), (ops) => {
      played += 1;
      return playOps(ops, tally);
    }),
    // On failure fast-check prints the seed and the shortest story that fails.
    { numRuns: runs },
  );
  const shares = listShares(tally);
  process.stderr.write(`coverage: ${shares.map(([how, it]) => `${how} ${it}`).join(', ')}\n`);
  tellFigures('stories', { runs: played, wrong: 0 });
  // It would be easy never to be wrong by never crediting anybody.
  for (const [how, share] of shares)
    expect([how, Number.parseFloat(share) > 90]).toEqual([how, true]);
});

/** Of the lines of each kind, how many are known as what they are. */
function listShares(tally: Tally): [string, string][] {
  return ['W', 'X', 'C', 'U'].map((how) => {
    const all = Object.entries(tally).filter(([name]) => name.startsWith(`${how} as `));
    const count = all.reduce((sum, [, it]) => sum + it, 0);
    return [
      how,
      `${((100 * (tally[`${how} as ${how}`] ?? 0)) / Math.max(1, count)).toFixed(2)} % of ${count}`,
    ];
  });
}
