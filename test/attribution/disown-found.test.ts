/** What a call says that it found is not what it wrote, also where no look had seen it. */
import { expect, test } from 'vitest';
import type { Claim } from '../../src/attribution/apply-claim.ts';
import { explainChange } from '../../src/attribution/explain-change.ts';
import { readText } from '../../src/attribution/text-lines.ts';

const step = (name: string) => ({ session: 'S', turn: 'T', step: name });
const suspect = (name: string, claims: readonly Claim[]) =>
  ({ by: step(name), claims, witness: 'W', isUntold: false, isAble: false }) as const;

/** Of each line of the end whose it is; a dash for what nothing explains. */
function explain(before: string, end: string, suspects: readonly ReturnType<typeof suspect>[]) {
  const old = readText(before);
  const origins = old.lines.map(() => ({ grade: 'U' }) as const);
  const question = { before: { ...old, origins }, after: readText(end), suspects, seen: 'now' };
  return explainChange(question).carried.map((it) => it?.by?.step ?? it?.grade ?? '-');
}

const saved = 'one\ntwo\nthree\n';
const end = 'one\nTWO\nthree\n';
const written: Claim = { after: end, isWhole: true };

test.each<{ title: string; claims: readonly Claim[]; whose: string }>([
  {
    title: 'a half-saved file that is written whole: what the diff beside it met is another’s',
    claims: [{ before: saved, after: end, isWhole: true }, written],
    whose: '- a -',
  },
  {
    title: 'of a part, what the part met',
    claims: [{ before: 'one\ntwo\n', after: 'one\nTWO\n', isWhole: false }, written],
    whose: '- a a',
  },
  {
    title: 'who made the file and went over it has written all of it',
    claims: [written, { before: 'one\nTWO\n', after: 'one\nTWO\n', isWhole: false }],
    whose: 'a a a',
  },
  {
    title: 'without a word of what was there it is the writer’s',
    claims: [written],
    whose: 'a a a',
  },
])('$title', ({ claims, whose }) => {
  expect(explain('', end, [suspect('a', claims)]).join(' ')).toBe(whose);
});

test('one more of what it met is its own', () => {
  const claims = [{ before: 'one\n', after: 'one\none\n', isWhole: true }];
  expect(explain('', 'one\none\n', [suspect('a', claims)])).not.toContain('-');
});

test('what one call wrote and the next one met stays with a call', () => {
  const suspects = [
    suspect('a', [{ before: '', after: saved, isWhole: true }]),
    suspect('b', [{ before: saved, after: end, isWhole: true }]),
  ];
  expect(explain('', end, suspects)).not.toContain('-');
});

test('what was there before anybody wrote stays whose it was', () => {
  const claims = [{ before: saved, after: end, isWhole: true }];
  expect(explain('three\n', end, [suspect('a', claims)]).join(' ')).toBe('- a U');
});
