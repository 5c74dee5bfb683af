/** checkpoint/prune: forgets old checkpoints and gives their space back; what is pinned or needed stays. */
import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { type Played, playAt } from '../checkpointed.ts';
import { ask } from '../recorded.ts';

async function takeMany(played: Played, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let number = 0; number < count; number += 1) {
    played.write({ 'a.txt': randomBytes(20_000).toString('hex') });
    const { checkpoint } = await ask(played.context, 'checkpoint/take', {});
    ids.push(checkpoint.id);
  }
  return ids;
}

const left = async ({ context }: Played) =>
  (await ask(context, 'checkpoint/list', {})).checkpoints.map((it) => it.id).reverse();

test('all but the newest and the pinned go, once it is meant, and each left one is whole', async () => {
  const played = await playAt();
  const ids = await takeMany(played, 6);
  await ask(played.context, 'checkpoint/pin', { id: ids[1] ?? '' });
  const trial = await ask(played.context, 'checkpoint/prune', { keepLast: 2, dryRun: true });
  expect(trial.dropped).toEqual([ids[0], ids[2], ids[3]]);
  expect(trial.bytesAfter).toBe(trial.bytesBefore);
  expect(await left(played)).toEqual(ids);
  const pruned = await ask(played.context, 'checkpoint/prune', { keepLast: 2 });
  expect(pruned.dropped).toEqual(trial.dropped);
  expect(pruned.bytesAfter).toBeLessThan(pruned.bytesBefore);
  expect(await left(played)).toEqual([ids[1], ids[4], ids[5]]);
  const last = played.read('a.txt');
  await ask(played.context, 'checkpoint/restore', { checkpoint: ids[1] ?? '' });
  expect(played.read('a.txt')).not.toBe(last);
  await ask(played.context, 'checkpoint/restore', { checkpoint: ids[5] ?? '' });
  expect(played.read('a.txt')).toBe(last);
  expect(await played.readJournal()).toContainEqual({
    type: 'checkpoints-pruned',
    dropped: 3,
    bytesBefore: pruned.bytesBefore,
    bytesAfter: pruned.bytesAfter,
  });
});

test('young ones stay, unless there is no room for them', async () => {
  const played = await playAt();
  const ids = await takeMany(played, 4);
  const young = await ask(played.context, 'checkpoint/prune', { keepLast: 1, olderThanDays: 1 });
  expect(young.dropped).toEqual([]);
  const limit = { keepLast: 1, olderThanDays: 1, limitBytes: 70_000 };
  const pruned = await ask(played.context, 'checkpoint/prune', limit);
  expect(pruned.bytesAfter).toBeLessThanOrEqual(70_000);
  expect(pruned.dropped).toEqual(ids.slice(0, pruned.dropped.length));
  expect(await left(played)).toEqual(ids.slice(pruned.dropped.length));
});

test('a pruned one is unknown, and going back to it changes nothing', async () => {
  const played = await playAt();
  const [first = ''] = await takeMany(played, 3);
  await ask(played.context, 'checkpoint/prune', { keepLast: 1 });
  const before = played.readAll();
  const gone = ask(played.context, 'checkpoint/restore', { checkpoint: first });
  await expect(gone).rejects.toMatchObject({
    code: 'unknown-id',
    hint: expect.stringMatching(/pruned/),
  });
  expect(played.readAll()).toEqual(before);
});

test('a turn whose checkpoints are gone cannot be undone, and says so', async () => {
  const played = await playAt({ files: { 'a.txt': 'a\n' } });
  const { turn } = await played.play('s1', { 'a.txt': 'b\n' });
  await takeMany(played, 2);
  await ask(played.context, 'checkpoint/prune', { keepLast: 1 });
  const before = played.readAll();
  const gone = ask(played.context, 'undo/apply', { of: turn });
  await expect(gone).rejects.toMatchObject({ code: 'unknown-id' });
  expect(played.readAll()).toEqual(before);
});

test('what differs from a pinned one, with all after it gone, is not for that reason the doing of the next', async () => {
  const played = await playAt({ files: { 'a.txt': 'a\n' } });
  const session = played.id();
  const { before } = await played.start(session);
  await ask(played.context, 'checkpoint/pin', { id: before.id });
  played.write({ 'mine.txt': 'by hand\n' });
  const command = { paths: [], reach: 'anything' } as const;
  const { turn, step } = await played.play(session, { 'a.txt': 'b\n' }, command);
  const refused = async (of: string) =>
    ask(played.context, 'undo/apply', { of }).catch(({ code, message }) => `${code} ${message}`);
  const trial = await ask(played.context, 'undo/plan', { of: turn });
  expect(trial.paths.map(({ path }) => path)).toEqual(['a.txt']);
  await ask(played.context, 'checkpoint/prune', { keepLast: 2 });
  for (const [kind, of] of Object.entries({ session, turn, step }))
    expect(await refused(of)).toBe(
      `restore-refused checkpoints of ${kind} ${of} are gone: what it changed is not known`,
    );
  // With nothing left but its end, it is not said to have done nothing.
  await ask(played.context, 'checkpoint/prune', { keepLast: 1 });
  for (const of of [session, turn]) expect(await refused(of)).toContain('are gone');
  const plan = ask(played.context, 'checkpoint/plan', { checkpoint: turn });
  await expect(plan).rejects.toMatchObject({
    message: `there is no checkpoint before turn ${turn}`,
  });
  expect(played.readAll()).toEqual({ 'a.txt': 'b\n', 'mine.txt': 'by hand\n' });
});

test('a session of which whole turns are gone is not undone in part; its last turn is', async () => {
  const played = await playAt({ files: { 'a.txt': 'a\n', 'b.txt': 'a\n' } });
  await takeMany(played, 1);
  const session = played.id();
  await played.play(session, { 'b.txt': 'b\n' });
  const { turn } = await played.play(session, { 'c.txt': 'c\n' });
  await ask(played.context, 'checkpoint/prune', { keepLast: 4 });
  const part = ask(played.context, 'undo/apply', { of: session });
  await expect(part).rejects.toMatchObject({ hint: expect.stringMatching(/turns .* one by one/) });
  expect((await ask(played.context, 'undo/apply', { of: turn })).removed).toEqual(['c.txt']);
});
