/** Several processes, one workspace: one leads, the others ask it, and a dead one is replaced by exactly one. */
import { existsSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Keeper, openKeeper } from '../../src/shadow/open-keeper.ts';
import { takeLead } from '../../src/shadow/take-lead.ts';
import {
  dropPlace,
  fsck,
  makePlace,
  mintOrder,
  openTestShadow,
  type Place,
} from './open-test-shadow.ts';

let place: Place;
let alive: Set<string>;
let tokens = 0;
const open: Keeper[] = [];
beforeEach(() => {
  place = makePlace();
  alive = new Set();
  writeFileSync(join(place.root, 'a'), 'one');
  mkdirSync(place.state);
});
afterEach(async () => {
  for (const keeper of open.splice(0)) await keeper.close();
  dropPlace(place);
});

/** Each stands for a process of its own: the lock only knows marks, and the socket is a real one. */
function placeOf(mark: string) {
  alive.add(mark);
  return () => {
    tokens += 1;
    return {
      folder: place.state,
      socket: join(place.folder, `${mark}.sock`),
      token: `${mark}-${tokens}`,
      marks: {
        own: mark,
        judge: (other: string) => (alive.has(other) ? ('running' as const) : ('gone' as const)),
      },
    };
  };
}

async function sit(mark: string, limitBytes = 2 ** 20): Promise<Keeper> {
  const keeper = await openKeeper({
    placeLead: placeOf(mark),
    openShadow: (holds) => openTestShadow(place, { holds, limitBytes }),
    onTrouble: (error) => {
      throw error;
    },
  });
  open.push(keeper);
  return keeper;
}

it('the second asks the first, and gets its failures as they are', async () => {
  const [one, two] = [await sit('one'), await sit('two')];
  expect([one.role, two.role]).toEqual(['leader', 'follower']);
  const taken = await two.take(mintOrder());
  expect((await one.list()).map((each) => each.id)).toEqual([taken.id]);
  const version = await two.versionAt(taken.id, 'a');
  expect(Buffer.from((await two.readBlob(version?.oid ?? '')) ?? '', 'base64').toString()).toBe(
    'one',
  );
  await expect(two.show('nothing')).rejects.toMatchObject({ code: 'unknown-id', exitCode: 5 });
});

it('when the leader leaves, the other leads on, and nothing is lost', async () => {
  const [one, two] = [await sit('one'), await sit('two')];
  const taken = await one.take(mintOrder());
  await one.close();
  alive.delete('one');
  const next = await two.take(mintOrder());
  expect(two.role).toBe('leader');
  expect((await two.list()).map((each) => each.id)).toEqual([taken.id, next.id]);
  expect(fsck(place)).toBe('');
});

it('a leader that leaves reads first what was left to the background', async () => {
  writeFileSync(join(place.root, 'large'), 'x'.repeat(5000));
  const one = await sit('one', 1000);
  const { id } = await one.take(mintOrder());
  expect((await one.show(id)).degraded).toBe('still capturing');
  await one.close();
  alive.delete('one');
  expect((await (await sit('two', 1000)).show(id)).degraded).toBeUndefined();
});

it('of many who find a dead leader, one takes its place', () => {
  const dead = takeLead(placeOf('dead')());
  expect(dead.kind).toBe('leader');
  alive.delete('dead');
  const leads = Array.from({ length: 8 }, (_, number) => takeLead(placeOf(`p${number}`)()));
  expect(leads.filter((lead) => lead.kind === 'leader')).toHaveLength(1);
  expect(dead.kind === 'leader' && dead.holds()).toBe(false);
});

it('a lock of a living process is never taken, whatever its age', () => {
  takeLead(placeOf('holder')());
  expect(takeLead(placeOf('other')())).toMatchObject({
    kind: 'follower',
    socket: join(place.folder, 'holder.sock'),
  });
});

it('a leader that was replaced makes nothing visible', async () => {
  const one = await sit('one');
  alive.delete('one');
  const lead = takeLead(placeOf('two')());
  expect(lead.kind).toBe('leader');
  await expect(one.take(mintOrder())).rejects.toMatchObject({ code: 'busy' });
  expect(await one.list()).toEqual([]);
});

it('requests that wait together share one look at the disk', async () => {
  const [one, two] = [await sit('one'), await sit('two')];
  const asked = Array.from({ length: 20 }, (_, number) =>
    (number % 2 ? one : two).take(mintOrder()),
  );
  const taken = await Promise.all(asked);
  expect(new Set(taken.map((each) => each.tree)).size).toBe(1);
  expect(await one.list()).toHaveLength(20);
  expect(taken.filter((each) => each.changed > 0).length).toBeLessThan(20);
});

it('a leader whose thread died while its process lives on is replaced', async () => {
  // It holds the lock, and never opened its door.
  expect(takeLead(placeOf('one')()).kind).toBe('leader');
  const two = await sit('two');
  expect(two.role).toBe('leader');
  const taken = await two.take(mintOrder());
  expect((await two.list()).map((each) => each.id)).toEqual([taken.id]);
});

it('a take-over that a thread died in is cleared away after a while, though its process lives on', () => {
  takeLead(placeOf('dead')());
  alive.delete('dead');
  const gate = join(place.state, 'leader.lock.takeover');
  const { token, socket, marks } = placeOf('halfway')();
  writeFileSync(gate, JSON.stringify({ token, socket, mark: marks.own }));
  expect(takeLead(placeOf('one')()).kind).toBe('follower');
  expect(existsSync(gate)).toBe(true);
  const before = Date.now() / 1000 - 3;
  utimesSync(gate, before, before);
  expect([takeLead(placeOf('one')()).kind, takeLead(placeOf('one')()).kind]).toEqual([
    'follower',
    'leader',
  ]);
  expect(existsSync(gate)).toBe(false);
});
