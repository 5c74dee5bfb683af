/** undo/plan and undo/apply of an alert: the lines that an agent overwrote come back, around whatever is there now. */
import { describe, expect, test } from 'vitest';
import type { LinesOverwritten, UndoApply } from '../../../src/contract/types.gen.ts';
import { nameText } from '../../../src/methods/name-text.ts';
import { mintUlid } from '../../../src/store/ulid.ts';
import { type Played, playAt } from '../checkpointed.ts';
import { ask } from '../recorded.ts';

const known = 'one\ntwo\nthree\nfour\nfive\n';
const before = 'mine\none\ntwo\nthree\nfour\nfive\nmine too\n';
const after = 'one\nTWO\nthree\nfour\nfive\n';

type Params = UndoApply['params'];
const undo = ({ context }: Played, params: Params) => ask(context, 'undo/apply', params);

/** An agent wrote `after` out of `known`, over `before` that a person had made of it. */
async function overwrite(
  texts: { known: string | null; before: string; after: string | undefined } = {
    known,
    before,
    after,
  },
): Promise<Played & { alert: LinesOverwritten }> {
  const played = await playAt({ files: { 'b.txt': 'b\n' } });
  if (texts.known !== null) played.write({ 'a.txt': texts.known });
  const turn = await played.start('s1');
  played.write({ 'a.txt': texts.before });
  const keeper = await played.context.keeper();
  const { id: checkpoint } = await keeper.take({ ...played.context.mint(), paths: ['a.txt'] });
  const step = await turn.step({ 'a.txt': texts.after });
  await turn.end();
  const alert: LinesOverwritten = {
    type: 'lines-overwritten',
    alert: mintUlid(Date.now()),
    turn: turn.turn,
    step,
    path: 'a.txt',
    lines: 2,
    lost: [
      { line: 1, count: 1 },
      { line: 7, count: 1 },
    ],
    known: texts.known === null ? null : nameText(texts.known),
    before: nameText(texts.before),
    after: texts.after === undefined ? null : nameText(texts.after),
    checkpoint,
    evidence: 'claimed',
  };
  await played.context.record({ session: 's1', event: alert });
  return { ...played, alert };
}

const both = 'mine\none\nTWO\nthree\nfour\nfive\nmine too\n';

describe('lines that were overwritten', () => {
  test('come back, and what the agent wrote stays; that is itself undone', async () => {
    const played = await overwrite();
    const lost = played.alert.alert.slice(-6).toLowerCase();
    const plan = await ask(played.context, 'undo/plan', { lost });
    expect(plan).toMatchObject({ ready: true, paths: [{ path: 'a.txt', outcome: 'merged' }] });
    expect(played.read('a.txt')).toBe(after);
    const done = await undo(played, { lost });
    expect(done).toMatchObject({
      of: { kind: 'lost', id: played.alert.alert },
      written: ['a.txt'],
    });
    expect(played.read('a.txt')).toBe(both);
    expect(played.read('b.txt')).toBe('b\n');
    const again = await undo(played, { lost: '@last' });
    expect(again.paths).toMatchObject([{ kind: 'identical', outcome: 'none' }]);
    await undo(played, { of: done.undo ?? '' });
    expect(played.read('a.txt')).toBe(after);
    const events = await played.readJournal();
    expect(events.filter((it) => it.type === 'files-restored')).toMatchObject([
      { of: { kind: 'lost', id: played.alert.alert }, written: ['a.txt'] },
      { of: { kind: 'undo' } },
    ]);
  });

  test('come back around what was written since', async () => {
    const played = await overwrite();
    played.write({ 'a.txt': after.replace('three\n', 'three\nand later\n') });
    await undo(played, { lost: '@last' });
    expect(played.read('a.txt')).toBe(both.replace('three\n', 'three\nand later\n'));
  });

  test('come back into a file that the agent took away, or that it had never seen', async () => {
    const gone = await overwrite({ known, before, after: undefined });
    await undo(gone, { lost: '@last' });
    expect(gone.read('a.txt')).toBe(before);
    const unseen = await overwrite({ known: null, before: 'person\n', after: 'agent\n' });
    const asked = await undo(unseen, { lost: '@last' });
    expect(asked.ready).toBe(false);
    await undo(unseen, { lost: '@last', choices: { merge: ['a.txt'] } });
    expect(unseen.read('a.txt')).toBe('agent\nperson\n');
  });
});

test('come back where what the agent knew was never saved, and is in no checkpoint', async () => {
  const played = await overwrite();
  const event = { ...played.alert, alert: mintUlid(Date.now() + 1), known: nameText('unsaved\n') };
  await played.context.record({ session: 's1', event });
  await undo(played, { lost: event.alert });
  expect(played.read('a.txt')).toBe(both);
});

describe('where both changed the same place', () => {
  const clash = { known, before: known.replace('two', 'mine'), after: known.replace('two', 'TWO') };

  test('it asks, and nothing is changed', async () => {
    const played = await overwrite(clash);
    const asked = await undo(played, { lost: '@last' });
    expect(asked).toMatchObject({ ready: false, paths: [{ outcome: 'asks', lost: ['TWO\n'] }] });
    expect(played.read('a.txt')).toBe(clash.after);
  });

  test.each([
    ['merge', known.replace('two\n', 'TWO\nmine\n')],
    ['overwrite', clash.before],
    ['keep', clash.after],
  ])('%s does what it says', async (choice, text) => {
    const played = await overwrite(clash);
    const done = await undo(played, { lost: '@last', choices: { [choice]: ['a.txt'] } });
    expect(done.ready).toBe(true);
    expect(played.read('a.txt')).toBe(text);
  });
});

describe('what cannot be meant', () => {
  test('an alert that never was, a turn beside it, paths beside it', async () => {
    const played = await overwrite();
    await expect(undo(played, { lost: 'nobody' })).rejects.toMatchObject({ code: 'unknown-id' });
    await expect(undo(played, { lost: '@last', of: '@turn' })).rejects.toMatchObject({
      code: 'invalid-params',
    });
    await expect(undo(played, { lost: '@last', paths: ['a.txt'] })).rejects.toMatchObject({
      code: 'invalid-params',
    });
  });

  test('a short word that several alerts end in', async () => {
    const played = await overwrite();
    const { alert } = played;
    const other = `7${alert.alert.slice(1)}`;
    await played.context.record({ session: 's1', event: { ...alert, alert: other } });
    await expect(undo(played, { lost: alert.alert.slice(-6) })).rejects.toMatchObject({
      code: 'ambiguous-id',
    });
  });

  test('a version that nobody keeps any more', async () => {
    const played = await overwrite();
    const event = { ...played.alert, alert: mintUlid(Date.now() + 1), before: '7'.repeat(40) };
    await played.context.record({ session: 's1', event });
    await expect(undo(played, { lost: '@last' })).rejects.toMatchObject({
      code: 'restore-refused',
    });
  });
});
