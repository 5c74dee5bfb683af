/** The engine in a thread of its own: the same answers, and a way on when the thread dies. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type KeeperThread, openKeeperThread } from '../../src/shadow/keeper-thread.ts';
import { dropPlace, makePlace, mintOrder, type Place } from './open-test-shadow.ts';

let place: Place;
const open: KeeperThread[] = [];
beforeEach(() => {
  place = makePlace();
  mkdirSync(place.state);
  writeFileSync(join(place.root, 'a'), 'one');
});
afterEach(async () => {
  for (const keeper of open.splice(0)) await keeper.close();
  dropPlace(place);
});

function start(): KeeperThread {
  const keeper = openKeeperThread(
    { root: place.root, stateFolder: place.state, socketFolder: place.folder },
    { trouble: () => undefined, rolledForward: () => undefined },
  );
  open.push(keeper);
  return keeper;
}

it('answers calls, fails as the engine fails, and closes', async () => {
  const { calls } = start();
  const taken = await calls.take(mintOrder());
  expect((await calls.list()).map((it) => it.id)).toEqual([taken.id]);
  await expect(calls.show('nothing')).rejects.toMatchObject({ code: 'unknown-id' });
});

it('two of them share one workspace, and when one closes the other goes on', async () => {
  const [one, two] = [start(), start()];
  const first = await one.calls.take(mintOrder());
  const second = await two.calls.take(mintOrder());
  await one.close();
  writeFileSync(join(place.root, 'a'), 'two');
  const third = await two.calls.take(mintOrder());
  const ids = (await two.calls.list()).map((it) => it.id);
  expect(ids).toEqual([first.id, second.id, third.id]);
});

it('a closed one can be asked again', async () => {
  const keeper = start();
  const taken = await keeper.calls.take(mintOrder());
  await keeper.close();
  expect((await keeper.calls.list()).map((it) => it.id)).toEqual([taken.id]);
});

it('what has not changed needs no checkpoint of its own', async () => {
  const { calls } = start();
  const taken = await calls.take(mintOrder());
  const same = await calls.take(mintOrder({ unlessSame: true }));
  expect(same).toMatchObject({ id: taken.id, same: true });
  writeFileSync(join(place.root, 'b'), 'new');
  const next = await calls.take(mintOrder({ unlessSame: true }));
  expect(next.same).toBeUndefined();
  const windows = await calls.windows(taken.id);
  expect(windows.map((it) => [it.id, it.changes.map((change) => change.path)])).toEqual([
    [next.id, ['b']],
  ]);
});

it('compares with what is there now, and leaves no trace of that', async () => {
  const { calls } = start();
  const taken = await calls.take(mintOrder());
  expect(await calls.diff(taken.id)).toEqual([]);
  writeFileSync(join(place.root, 'b'), 'new');
  expect((await calls.diff(taken.id)).map((it) => it.path)).toEqual(['b']);
  expect(await calls.list()).toHaveLength(1);
  const next = await calls.take(mintOrder({ unlessSame: true }));
  expect(next.same).toBeUndefined();
  expect((await calls.diff(taken.commit, next.commit)).map((it) => it.path)).toEqual(['b']);
});

it('knows from the last one that nothing has changed, whoever took it', async () => {
  const before = start();
  const taken = await before.calls.take(mintOrder());
  await before.close();
  expect(await start().calls.take(mintOrder({ unlessSame: true }))).toMatchObject({
    id: taken.id,
    same: true,
  });
});

it('one that could not be opened is tried again by the next call', async () => {
  // A file stands where the folder of the checkpoints is to be.
  rmSync(place.state, { recursive: true });
  writeFileSync(place.state, '');
  const { calls } = start();
  await expect(calls.list()).rejects.toThrow();
  rmSync(place.state);
  mkdirSync(place.state);
  const taken = await calls.take(mintOrder());
  expect((await calls.list()).map((it) => it.id)).toEqual([taken.id]);
});
