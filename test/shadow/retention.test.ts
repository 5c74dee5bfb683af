/** What pruning may forget: old checkpoints, idle base packs, old trash; and what it may not, whatever it races with. */
import {
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { fsck, git, mintOrder, openTestShadow, writeTreeByGit } from './open-test-shadow.ts';
import { placeForEach, workIn } from './place-for-each.ts';
import { printTree } from './print-tree.ts';
import { readCheckpoint } from './read-checkpoint.ts';

const place = placeForEach();
const { write } = workIn(place);
beforeEach(() => {
  write('a', 'one');
});

const everything = Number.MAX_SAFE_INTEGER;

it('with nothing kept, the next checkpoint is whole again', () => {
  write('never changes', 'x');
  const shadow = openTestShadow(place);
  shadow.take(mintOrder());
  expect(shadow.prune({ keepLast: 0, before: everything }).dropped).toHaveLength(1);
  for (const hint of [['a'], undefined]) {
    write('a', `two ${hint}`);
    const taken = shadow.take(mintOrder(hint ? { paths: hint } : {}));
    expect(readCheckpoint(shadow, taken.id)).toBe(printTree(place.root));
  }
  expect(fsck(place)).toBe('');
  shadow.close();
});

it('one that was not taken leaves no gap: that would tell of a forgotten one', () => {
  let isRefusing = false;
  const failpoint = (name: string) => {
    if (isRefusing && name === 'file-written')
      throw Object.assign(new Error(name), { code: 'EIO' });
  };
  const shadow = openTestShadow(place, { failpoint });
  shadow.take(mintOrder());
  isRefusing = true;
  expect(() => shadow.take(mintOrder())).toThrow(/was not taken/);
  isRefusing = false;
  shadow.take(mintOrder());
  expect(shadow.list().map(({ number }) => number)).toEqual([1, 2]);
  shadow.close();
});

describe('a restore and a pruning', () => {
  it('between plan and restore: it is refused and nothing is changed, or what it needs was named', () => {
    for (const isNamed of [true, false]) {
      const shadow = openTestShadow(place);
      write('a', 'the first');
      const first = shadow.take(mintOrder());
      write('a', 'the second');
      const safety = mintOrder();
      const { steps } = shadow.plan(safety, first.id);
      const order = { keepLast: 1, before: everything };
      shadow.prune(isNamed ? { ...order, needed: [first.id] } : order);
      if (isNamed) expect(shadow.apply(safety.id, steps).written).toEqual(['a']);
      else expect(() => shadow.apply(safety.id, steps)).toThrow(/^a: its bytes .* are missing/);
      expect(readFileSync(join(place.root, 'a'), 'utf8')).toBe(
        isNamed ? 'the first' : 'the second',
      );
      shadow.close();
      rmSync(place.state, { recursive: true });
    }
  });

  it('what a restore that was cut short still needs is kept, however old', () => {
    const shadow = openTestShadow(place);
    const first = shadow.take(mintOrder());
    write('a', 'two');
    const { steps } = shadow.plan(mintOrder(), first.id);
    const intent = { v: 1, id: 'R1', root: place.root, steps };
    writeFileSync(join(place.state, 'restores/R1.intent'), JSON.stringify(intent));
    expect(shadow.prune({ keepLast: 1, before: everything }).dropped).toEqual([first.id]);
    shadow.close();
    const again = openTestShadow(place);
    expect(again.rolledForward).toMatchObject([{ id: 'R1', written: ['a'], skipped: [] }]);
    expect(readFileSync(join(place.root, 'a'), 'utf8')).toBe('one');
    again.close();
  });
});

describe('trash', () => {
  it('goes by age, says how much it was, and stays while its restore is not done', () => {
    const shadow = openTestShadow(place);
    const first = shadow.take(mintOrder());
    for (const id of ['old', 'open', 'young']) {
      write(`extra-${id}`, 'x'.repeat(100));
      const { steps } = shadow.plan(mintOrder(), first.id);
      expect(shadow.apply(id, steps).removed).toEqual([`extra-${id}`]);
    }
    const folder = join(place.state, 'restores');
    const past = 1_000;
    for (const name of ['old.done', 'trash/old', 'trash/open'])
      utimesSync(join(folder, name), past, past);
    rmSync(join(folder, 'open.done'));
    const intent = { v: 1, id: 'open', root: '/elsewhere', steps: [] };
    writeFileSync(join(folder, 'open.intent'), JSON.stringify(intent));
    expect(shadow.prune({ keepLast: 9 }).trash).toEqual({ restores: 0, files: 0, bytes: 0 });
    const { trash } = shadow.prune({ keepLast: 9, trashBefore: 2_000_000 });
    expect(trash).toEqual({ restores: 1, files: 1, bytes: 100 });
    expect(readdirSync(join(folder, 'trash')).sort()).toEqual(['open', 'young']);
    expect(readdirSync(folder).sort()).toEqual(['open.intent', 'trash', 'young.done']);
    shadow.close();
  });

  it('has what a restore took away', () => {
    const shadow = openTestShadow(place);
    const first = shadow.take(mintOrder());
    write('extra', 'mine');
    shadow.apply('R1', shadow.plan(mintOrder(), first.id).steps);
    const folder = join(place.state, 'restores/trash/R1');
    expect(readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'))).toEqual([
      'mine',
    ]);
    shadow.close();
  });
});

it('base packs go when no checkpoint needs them any more, and not before', () => {
  for (let id = 0; id < 20; id += 1) write(`src/f${id}`, `${id}`.repeat(50));
  git(place.root, 'init', '-q');
  git(place.root, 'add', '-A');
  git(place.root, 'commit', '-qm', 'start');
  git(place.root, 'repack', '-adq');
  const past = Date.now() / 1000 - 60;
  for (const path of git(place.root, 'ls-files').split('\n'))
    utimesSync(join(place.root, path), past, past);
  git(place.root, 'update-index', '--refresh');
  const shadow = openTestShadow(place, { git: true });
  const first = shadow.take(mintOrder());
  const [pack] = shadow.engine.store.ownedBase;
  expect(statSync(pack?.file ?? '').nlink).toBe(2);
  // The user's own packs are gone; ours is the only copy now.
  rmSync(join(place.root, '.git'), { recursive: true });
  rmSync(join(place.root, 'src'), { recursive: true });
  write('a', 'no longer what the pack has');
  const last = shadow.take(mintOrder());
  expect(shadow.prune({ keepLast: 2 }).base).toEqual({ packs: 0, bytes: 0 });
  expect(readCheckpoint(shadow, first.id)).toContain('src/f7');
  const { base } = shadow.prune({ keepLast: 1, before: everything });
  expect(base).toEqual({ packs: 1, bytes: pack?.size });
  expect(existsSync(pack?.file ?? '')).toBe(false);
  expect(readCheckpoint(shadow, last.id)).toBe(printTree(place.root));
  write('a', 'two');
  expect(shadow.take(mintOrder()).tree).toBe(writeTreeByGit(place));
  expect(fsck(place)).toBe('');
  shadow.close();
});
