/** Many trees of a first checkpoint get a pack of their own while the sweep goes on: durable before the checkpoint, and no harm without it. */
import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openRepository } from '../../src/shadow/open-repository.ts';
import {
  dropPlace,
  fsck,
  git,
  makePlace,
  mintOrder,
  openTestShadow,
  type Place,
  writeTreeByGit,
} from './open-test-shadow.ts';

const folders = 1_020;
let place: Place;
let tree: string;

beforeAll(() => {
  place = makePlace();
  for (let id = 0; id < folders; id += 1) {
    const folder = join(place.root, `d${id}`);
    mkdirSync(folder);
    writeFileSync(join(folder, 'file'), `text ${id}`);
    // Before the index, or its word would count for nothing.
    utimesSync(join(folder, 'file'), 1_000_000_000, 1_000_000_000);
  }
  git(place.root, 'init', '-q');
  git(place.root, 'add', '-A');
  git(place.root, 'commit', '-qm', 'start');
  git(place.root, 'repack', '-adq');
  writeFileSync(join(place.root, 'd7/file'), 'another text');
  tree = writeTreeByGit(place);
});
afterAll(() => dropPlace(place));

function countPacks(): number {
  const names = readdirSync(join(place.state, 'store.git/objects/pack'));
  return names.filter((name) => name.endsWith('.pack')).length;
}

it('leaves a store that is whole when the checkpoint is never made', () => {
  let begun = 0;
  const failpoint = (name: string) => {
    if (name === 'pack-gathered') begun += 1;
    if (begun === 2) throw Object.assign(new Error('full'), { code: 'ENOSPC' });
  };
  const shadow = openTestShadow(place, { git: true, failpoint });
  expect(() => shadow.take(mintOrder())).toThrow('the checkpoint was not taken');
  expect(begun).toBe(2);
  expect(shadow.list()).toEqual([]);
  expect(countPacks()).toBe(1);
  shadow.close();
  expect(fsck(place)).toBe('');
});

it('is not written again by the next one, which has the tree that git writes', async () => {
  const shadow = openTestShadow(place, { git: true });
  const taken = shadow.take(mintOrder());
  expect(taken.tree).toBe(tree);
  expect(countPacks()).toBe(2);
  expect(shadow.take(mintOrder()).tree).toBe(tree);
  // Of all folders as the index has them, and the root: at that time nobody knew what was changed since.
  const sizes = shadow.engine.store.own.map((pack) => pack.index.count).sort((a, b) => a - b);
  expect(sizes.at(-1)).toBe(folders + 1);
  expect(sizes.at(-2)).toBeLessThan(10);
  shadow.close();
  expect(fsck(place)).toBe('');
  const repository = await openRepository(join(place.state, 'store.git'));
  expect(await repository.listFiles(taken.commit)).toHaveLength(folders);
});
