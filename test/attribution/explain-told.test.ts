/** A change that one claim tells is explained by its own lines as it is by the whole file. */
import '../seed.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { explainChange, explainTold } from '../../src/attribution/explain-change.ts';
import type { Origin } from '../../src/attribution/origin.ts';
import { packRuns } from '../../src/attribution/runs.ts';
import { readText } from '../../src/attribution/text-lines.ts';

const by = { session: 'S', turn: 'T', step: 'U' };
const made: Origin = { grade: 'W', by, seen: 'now' };
const origins: readonly Origin[] = [{ grade: 'U' }, { grade: 'X', by, seen: 'then' }, made];
const line = fc.tuple(
  // Few, so that many are alike; some differ in their spaces only, or are long enough to be moved.
  fc.constantFrom(
    'a();',
    ' a();',
    'if (one) {',
    '}',
    '',
    'const long = "enough to be found again";',
  ),
  fc.constantFrom(...origins),
);
const block = fc.array(line, { maxLength: 6 });
const textOf = (lines: readonly (readonly [string, Origin])[]) =>
  lines.map(([text]) => `${text}\n`).join('');

test('whatever stands around it', () => {
  let changed = 0;
  fc.assert(
    fc.property(block, block, block, block, (start, gone, come, end) => {
      const [was, is] = [`${textOf(gone)}|\n`, `${textOf(come)}|\n`];
      const all = [...start, ...gone, ['|', made] as const, ...end];
      const before = readText(textOf(all));
      const after = readText(textOf(start) + is + textOf(end));
      const known = all.map(([, origin]) => origin);
      const claim = { before: was, after: is, isWhole: false };
      const suspect = {
        by,
        claims: [claim],
        witness: 'W',
        isUntold: false,
        isAble: false,
      } as const;
      fc.pre(was !== is && !is.includes(was));
      const whole = explainChange({
        before: { ...before, origins: known },
        after,
        suspects: [suspect],
        seen: 'now',
      });
      const runs = explainTold({ lines: before.lines, runs: packRuns(known) }, after.lines, {
        told: { by, claim },
        seen: 'now',
      });
      expect(whole.carried).not.toContain(undefined);
      expect(runs).toEqual(packRuns(whole.carried));
      changed += 1;
    }),
    { numRuns: 500 },
  );
  expect(changed).toBeGreaterThan(400);
});
