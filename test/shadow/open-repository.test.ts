/** isomorphic-git reads what we wrote by hand: commits, refs and trees, from our packs alone. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openRepository } from '../../src/shadow/open-repository.ts';
import { dropPlace, makePlace, mintOrder, openTestShadow, type Place } from './open-test-shadow.ts';

let place: Place;
beforeEach(() => {
  place = makePlace();
});
afterEach(() => dropPlace(place));

it('lists, reads, follows and walks', async () => {
  mkdirSync(join(place.root, 'd'));
  writeFileSync(join(place.root, 'a'), 'one');
  writeFileSync(join(place.root, 'd/b'), 'two');
  const shadow = openTestShadow(place);
  const before = shadow.take(mintOrder({ label: 'before the turn' }));
  writeFileSync(join(place.root, 'a'), 'three');
  const after = shadow.take(mintOrder({ label: 'after the turn', after: before.id }));
  const repository = await openRepository(join(place.state, 'store.git'));
  expect([...(await repository.listRefs('checkpoints'))].sort()).toEqual([before.id, after.id]);
  expect(
    (await repository.log(after.commit, 5)).map((one) => one.commit.message.split('\n')[0]),
  ).toEqual(['after the turn', 'before the turn']);
  const files = await repository.listFiles(after.commit);
  expect(files).toEqual([
    { path: 'a', oid: shadow.versionAt(after.id, 'a')?.oid },
    { path: 'd/b', oid: shadow.versionAt(after.id, 'd/b')?.oid },
  ]);
  shadow.close();
});
