/** A command, and what a person saved in its turn before it had begun: who is credited, and what its undo takes away. */
import { expect, test } from 'vitest';
import { answer } from '../../../src/methods/table.ts';
import { passTick } from '../../pass-tick.ts';
import { playAt } from '../checkpointed.ts';

const base = 'one\ntwo\n';

test.each([
  ['known', 'U U U', 'one\ntyped\ntwo\n'],
  ['not known', 'U AX U', base],
])('since when a command can have been at work is %s', async (known, told, left) => {
  const { context, folder, start, write, read } = await playAt({
    git: true,
    files: { f: base, g: base },
  });
  const turn = await start('A');
  write({ f: 'one\ntyped\ntwo\n' });
  const since = passTick(folder);
  const run = { paths: [], reach: 'anything' as const };
  await turn.step({ g: 'one\nmade\ntwo\n' }, known === 'known' ? { ...run, since } : run);
  await turn.end();
  const tell = async (path: string) => {
    const { ranges } = await answer(context, 'blame/file', { path });
    return ranges
      .flatMap(({ start: from, end, grade, session = '' }) =>
        new Array<string>(end - from + 1).fill(`${session}${grade}`),
      )
      .join(' ');
  };
  expect(await tell('f')).toBe(told);
  expect(await tell('g')).toBe('U AX U');
  await answer(context, 'undo/apply', { of: turn.turn });
  expect(read('f')).toBe(left);
  expect(read('g')).toBe(base);
});
