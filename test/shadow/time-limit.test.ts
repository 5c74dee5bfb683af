/** A checkpoint whose time is up says so, takes nothing for gone that it did not see, and is completed behind. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { fsck, git, mintOrder, openTestShadow, writeTreeByGit } from './open-test-shadow.ts';
import { placeForEach, writeIn } from './place-for-each.ts';

const place = placeForEach();
beforeEach(() => {
  for (let id = 0; id < 600; id += 1) writeIn(place.root, `d${id}/f`, `${id}\n`);
});

it.each([false, true])('no time at all (in a repository: %s)', (isRepository) => {
  if (isRepository) {
    git(place.root, 'init', '-q');
    git(place.root, 'add', '-A');
    git(place.root, 'commit', '-qm', 'x');
    git(place.root, 'repack', '-adq');
  }
  const shadow = openTestShadow(place, { git: isRepository });
  const cut = shadow.take(mintOrder({ withinMs: 0 }));
  expect(cut.degraded).toBe('still sweeping');
  const attempt = () => shadow.plan(mintOrder(), cut.id).steps;
  // With an index there are rows and no time to make trees of them; without one there is nothing to make.
  if (isRepository) expect(attempt).toThrow('was never completed');
  else expect(attempt()).toEqual([]);
  expect(readFileSync(join(place.root, 'd7/f'), 'utf8')).toBe('7\n');
  shadow.close();
});

it.each([false, true])('completed behind (in a repository: %s)', (isRepository) => {
  if (isRepository) {
    git(place.root, 'init', '-q');
    git(place.root, 'add', '-A');
    git(place.root, 'commit', '-qm', 'x');
    git(place.root, 'repack', '-adq');
  }
  const shadow = openTestShadow(place, { git: isRepository });
  const cut = shadow.take(mintOrder({ withinMs: 0 }));
  shadow.engine.confirm();
  const whole = shadow.show(cut.id);
  expect(whole.degraded).toBe(undefined);
  expect(whole.tree).toBe(writeTreeByGit(place));
  writeFileSync(join(place.root, 'd7/f'), 'changed');
  const plan = shadow.plan(mintOrder(), cut.id);
  expect(shadow.apply('R1', plan.steps).written).toEqual(['d7/f']);
  expect(writeTreeByGit(place)).toBe(whole.tree);
  shadow.close();
});

it('many packs become few, and nothing is lost', () => {
  const shadow = openTestShadow(place);
  const taken = Array.from({ length: 60 }, (_, turn) => {
    writeFileSync(join(place.root, 'd7/f'), `turn ${turn}\n`);
    return shadow.take(mintOrder({ paths: ['d7/f'] }));
  });
  expect(shadow.engine.store.own.length).toBe(60);
  expect(shadow.engine.tidy()).toBe(true);
  expect(shadow.engine.store.own.length).toBeLessThan(20);
  expect(shadow.engine.tidy()).toBe(false);
  expect(fsck(place)).toBe('');
  expect(shadow.list().map(({ id, tree }) => ({ id, tree }))).toEqual(
    taken.map(({ id, tree }) => ({ id, tree })),
  );
  const plan = shadow.plan(mintOrder(), taken[3]?.id ?? '');
  shadow.apply('R1', plan.steps);
  expect(readFileSync(join(place.root, 'd7/f'), 'utf8')).toBe('turn 3\n');
  shadow.close();
});
