/** Where words and disk do not meet: changes without a claim, claims without a change, calls that nothing confirms. */
import { expect, test } from 'vitest';
import type { StepCard } from '../../src/contract/types.gen.ts';
import { countHoles } from '../../src/methods/count-holes.ts';
import { findHoles } from '../../src/methods/find-holes.ts';
import { playAt } from './checkpointed.ts';

const card = (id: string) => ({ id }) as Parameters<typeof countHoles>[1][number];
const call = (id: string, state: string) => ({ id, state, kind: 'tool' }) as StepCard;

test('a person who types during a turn, and a claim that never came true', async () => {
  const played = await playAt({ files: { f: 'one\n', g: 'one\n', gone: 'x\n' } });
  const turn = await played.start('S');
  const done = turn.begin(
    { f: 'one\ntwo of it\n' },
    { claims: [{ path: 'f', before: 'one\n', after: 'one\ntwo of it\n' }] },
  );
  await turn.close(done);
  const vain = turn.begin(
    {},
    { claims: [{ path: 'g', before: 'one\n', after: 'never written\n' }] },
  );
  await turn.close(vain);
  played.write({ f: 'one\ntwo of it\ntyped by hand\n', gone: undefined });
  await turn.end();
  const holes = await findHoles(played.context, 'S', [
    call(done, 'interrupted'),
    call(vain, 'interrupted'),
    call('other', 'completed'),
  ]);
  expect(holes?.unclaimed.map(({ path, lines }) => [path, lines])).toEqual([
    ['f', 1],
    ['gone', 0],
  ]);
  expect(holes?.unchanged).toEqual([{ path: 'g', step: vain }]);
  expect(holes?.unconfirmed).toEqual([vain]);
  expect(countHoles(played.context, [card('S'), card('T')])).toEqual([
    { id: 'S', holes: 3 },
    { id: 'T' },
  ]);
});

test('a turn whose every word came true has none; what is typed between turns is no hole', async () => {
  const played = await playAt({ files: { f: 'one\n', g: 'one\n' } });
  const claims = [{ path: 'f', before: 'one\n', after: 'one\ntwo of it\n' }];
  await played.play('S', { f: 'one\ntwo of it\n' }, { claims });
  played.write({ f: 'one\ntwo of it\ntyped by hand\n' });
  await played.play('S', { g: undefined }, { paths: ['g'] });
  // Saved by an editor that formats.
  const whole = [{ path: 'k', before: '', after: "a('x')\n", whole: true as const }];
  await played.play('S', { k: 'a("x");\n' }, { claims: whole });
  await played.play('S', { h: 'by command\n' }, { paths: [], reach: 'anything' });
  expect(await findHoles(played.context, 'S', [])).toEqual({
    unclaimed: [],
    unchanged: [],
    unconfirmed: [],
  });
});
