/** undo/plan: what an undo would do, and that it does not do it; and what can be meant by a word. */
import { describe, expect, test } from 'vitest';
import { type Played, playAt } from '../checkpointed.ts';
import { ask } from '../recorded.ts';

const plan = ({ context }: Played, of?: string, more: object = {}) =>
  ask(context, 'undo/plan', { ...(of === undefined ? {} : { of }), ...more });

test('says of each path what would happen and on what evidence, and changes nothing', async () => {
  const played = await playAt({ files: { a: 'a\n', gone: 'g\n', hand: 'h\n', so: 's\n' } });
  const { turn } = await played.play('s1', {
    a: 'A\n',
    gone: undefined,
    hand: 'H\n',
    so: 'S\n',
    'd/new': 'n\n',
  });
  played.write({ hand: 'H\nmine\n', so: 's\n' });
  const before = played.readAll();
  const told = await plan(played, turn);
  expect(told).toMatchObject({ of: { kind: 'turn', id: turn }, ready: false });
  const evidence = 'claimed';
  expect(told.paths.toSorted((a, b) => (a.path < b.path ? -1 : 1))).toEqual([
    { path: 'a', kind: 'ours', outcome: 'back', does: 'write', lost: [], evidence },
    { path: 'd/new', kind: 'ours', outcome: 'back', does: 'remove', lost: [], evidence },
    { path: 'gone', kind: 'ours', outcome: 'back', does: 'create', lost: [], evidence },
    {
      path: 'hand',
      kind: 'foreign',
      outcome: 'asks',
      lost: ['mine\n'],
      evidence,
      why: expect.stringMatching(/changed after/),
    },
    { path: 'so', kind: 'identical', outcome: 'none', lost: [], evidence },
  ]);
  expect(told.undo).toBeUndefined();
  expect(played.readAll()).toEqual(before);
});

describe('a word', () => {
  const play = async () => {
    const played = await playAt({ files: { a: '0\n' } });
    const first = await played.play('session-one', { a: '1\n' });
    const second = await played.play('session-two', { a: '2\n' });
    return { played, first, second };
  };

  test('means the last thing done, a turn, a session, a step; by its end or its place', async () => {
    const { played, first, second } = await play();
    const words: [string | undefined, string, string][] = [
      [undefined, 'turn', second.turn],
      ['@last', 'turn', second.turn],
      ['@turn', 'turn', second.turn],
      ['@turn~1', 'turn', first.turn],
      ['@last-turn', 'turn', second.turn],
      ['@session', 'session', 'session-two'],
      ['@session~1', 'session', 'session-one'],
      ['@step', 'step', second.step],
      ['session-one', 'session', 'session-one'],
      ['-ONE', 'session', 'session-one'],
      [first.turn.slice(-6).toLowerCase(), 'turn', first.turn],
      [second.step, 'step', second.step],
    ];
    for (const [word, kind, id] of words) {
      const { of } = await plan(played, word);
      expect([word, of]).toEqual([word, { kind, id }]);
    }
  });

  test.each([
    ['nobody', 'unknown-id'],
    ['one', 'unknown-id'],
    ['session', 'ambiguous-id'],
    ['@turn~2', 'unknown-id'],
    ['@undo', 'unknown-id'],
    ['@tomorrow', 'unknown-id'],
  ])('%s is refused', async (word, code) => {
    const { played } = await play();
    await expect(plan(played, word)).rejects.toMatchObject({ code });
  });

  test('a checkpoint is gone back to, not undone', async () => {
    const { played } = await play();
    const { checkpoint } = await ask(played.context, 'checkpoint/take', {});
    await expect(plan(played, checkpoint.id)).rejects.toMatchObject({
      code: 'unknown-id',
      hint: expect.stringMatching(/clew restore/),
    });
  });
});

test('what makes no sense is refused', async () => {
  const played = await playAt({ files: { a: '1\n2\n', b: 'b\n' } });
  const { turn } = await played.play('s1', { a: '1\ntwo\n', b: 'B\n', 'new.txt': 'n\n' });
  const before = played.readAll();
  const wrong: [object, string, RegExp][] = [
    [{ paths: ['../a'] }, 'invalid-params', /outside/],
    [{ paths: ['/etc/passwd'] }, 'invalid-params', /outside/],
    [{ paths: ['never'] }, 'unknown-id', /did not change/],
    [{ hunks: [1] }, 'invalid-params', /hunks are of one file/],
    [{ paths: ['a'], hunks: [2] }, 'invalid-params', /no hunk 2: it has 1/],
    [{ paths: ['new.txt'], hunks: [1] }, 'restore-refused', /no hunks/],
    [{ hunks: [0] }, 'invalid-params', /hunks/],
    [{ choices: { keep: ['..'] } }, 'invalid-params', /outside/],
  ];
  for (const [more, code, message] of wrong) {
    const refused = plan(played, turn, more);
    await expect(refused).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  }
  expect(played.readAll()).toEqual(before);
});
