/** What a turn changed without naming it: by commands, alone or beside others. */
import { expect, test } from 'vitest';
import { findUnnamed } from '../../src/methods/find-unnamed.ts';
import { playAt } from './checkpointed.ts';

test('files that a command changed and took away, without those that were named, and those of another', async () => {
  const played = await playAt({ files: { a: 'a\n', gone: 'g\n', named: 'n\n' } });
  const first = await played.start('S');
  await first.step({ named: 'N\n' });
  const command = await first.step({ a: 'A\n', gone: undefined }, { paths: [], reach: 'anything' });
  await first.end();
  played.write({ hand: 'by hand\n' });
  const { turn } = await played.play('S', { named: 'again\n' });
  const unnamed = [
    { path: 'a', evidence: 'during' },
    { path: 'gone', evidence: 'during', gone: true },
  ];
  const find = (kind: 'session' | 'turn' | 'step', id: string) =>
    findUnnamed(played.context, { kind, id });
  expect(await find('turn', first.turn)).toEqual(unnamed);
  expect(await find('step', command)).toEqual(unnamed);
  expect(await find('session', 'S')).toEqual(unnamed);
  expect(await find('turn', turn)).toEqual([]);
  expect(await find('turn', 'nobody')).toBeUndefined();
});

test('where two run at once it may have been either', async () => {
  const played = await playAt({ files: { f: 'one\n' } });
  const [one, other] = [await played.start('S'), await played.start('T')];
  const both = [one, other].map((it) => it.begin({}, { paths: [], reach: 'anything' }));
  played.write({ f: 'two\n' });
  await one.close(both[0] ?? '');
  await other.close(both[1] ?? '');
  await one.end();
  await other.end();
  expect(await findUnnamed(played.context, { kind: 'turn', id: one.turn })).toEqual([
    { path: 'f', evidence: 'contested' },
  ]);
});

test('a file that only comes to light has not changed', async () => {
  const played = await playAt({ files: { '.gitignore': 'late\n', late: 'as ever\n', f: 'f\n' } });
  const turn = await played.start('S');
  const anything = { paths: [], reach: 'anything' } as const;
  await turn.step({ '.gitignore': '# nothing\n', f: 'F\n' }, anything);
  await turn.end();
  const found = await findUnnamed(played.context, { kind: 'turn', id: turn.turn });
  expect(found?.map(({ path }) => path)).toEqual(['.gitignore', 'f']);
});
