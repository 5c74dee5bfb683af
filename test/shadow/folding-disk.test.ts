/** On a disk that takes README and Readme for one name, nothing is in two places, and nothing is lost for being renamed. */
import { linkSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { foldsNames } from '../../src/workspace/fold-names.ts';
import { foldIn } from './folding-fs.ts';
import { fsck, mintOrder, openTestShadow } from './open-test-shadow.ts';
import { goBack, placeForEach, workIn } from './place-for-each.ts';

const place = placeForEach();
const { at, write } = workIn(place);
beforeEach(() => foldIn(place.root));
afterEach(() => foldIn(undefined));

/** All files by their names as written, with what is in them. */
function readAll(folder = ''): Record<string, string> {
  const found: Record<string, string> = {};
  for (const entry of readdirSync(at(folder), { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) Object.assign(found, readAll(path));
    else found[path] = readFileSync(at(path), 'utf8');
  }
  return found;
}

describe('is told for what it is', () => {
  it('by a name in it', () => {
    write('readme', 'x');
    expect(foldsNames(place.root)).toBe(true);
    foldIn(undefined);
    expect(foldsNames(place.root)).toBe(false);
  });
  it('by its own name when it is empty', () => {
    foldIn(place.folder);
    expect(foldsNames(place.root)).toBe(true);
    foldIn(undefined);
    expect(foldsNames(place.root)).toBe(false);
  });
  it('not by two names that are one file', () => {
    foldIn(undefined);
    write('readme', 'x');
    linkSync(at('readme'), at('README'));
    expect(foldsNames(place.root)).toBe(false);
  });
});

const renames: Record<string, { change: () => void; after: Record<string, string> }> = {
  'a file': {
    change: () => renameSync(at('Readme'), at('README')),
    after: { README: 'one', 'Docs/a': 'two' },
  },
  'a file, and edited': {
    change: () => {
      renameSync(at('Readme'), at('README'));
      write('README', 'one more');
    },
    after: { README: 'one more', 'Docs/a': 'two' },
  },
  'a file in a folder': {
    change: () => renameSync(at('Docs/a'), at('Docs/A')),
    after: { Readme: 'one', 'Docs/A': 'two' },
  },
  'a file in the place of another': {
    change: () => {
      rmSync(at('Readme'));
      renameSync(at('Docs/a'), at('README'));
    },
    after: { README: 'two' },
  },
};
it.each(Object.entries(renames))('renamed only in its letters: %s', (_, { change, after }) => {
  write('Readme', 'one');
  write('Docs/a', 'two');
  const before = readAll();
  const shadow = openTestShadow(place);
  const first = shadow.take(mintOrder());
  change();
  const second = shadow.take(mintOrder());
  expect(
    shadow
      .diff(first.id, second.id)
      .filter((item) => item.after)
      .map((item) => item.path)
      .sort(),
  ).toEqual(Object.keys(after).filter((path) => after[path] !== before[path]));
  const back = goBack(shadow, first.id);
  expect(back.report.skipped).toEqual([]);
  expect(readAll()).toEqual(before);
  expect(shadow.take(mintOrder()).tree).toBe(first.tree);
  goBack(shadow, back.safety);
  expect(readAll()).toEqual(after);
  expect(shadow.take(mintOrder()).tree).toBe(second.tree);
  expect(fsck(place)).toBe('');
  shadow.close();
});

const stops = [
  'restore-removed',
  'restore-cleared',
  'restore-staged',
  'restore-placed',
  'restore-done',
];
it.each(stops)(
  'going back to the other letters, stopped at %s, is done at the next opening',
  (stop) => {
    write('Readme', 'one');
    const first = openTestShadow(place);
    const { id } = first.take(mintOrder());
    renameSync(at('Readme'), at('README'));
    first.close();
    let hits = 0;
    const failpoint = (name: string) => {
      if (name !== stop) return;
      hits += 1;
      throw new Error('stopped');
    };
    const second = openTestShadow(place, { failpoint });
    expect(() => goBack(second, id)).toThrow();
    second.close();
    expect(hits).toBe(1);
    const third = openTestShadow(place);
    expect(third.rolledForward).toHaveLength(1);
    expect(readAll()).toEqual({ Readme: 'one' });
    third.close();
  },
);

it('a path announced in other letters is no second file', () => {
  write('Readme', 'one');
  const shadow = openTestShadow(place);
  const first = shadow.take(mintOrder());
  const hinted = shadow.take(mintOrder({ paths: ['README'] }));
  expect(hinted.tree).toBe(first.tree);
  shadow.close();
});

it('two names of a checkpoint that would be one here are refused, and nothing is changed', () => {
  foldIn(undefined);
  write('Readme', 'one');
  write('README', 'two');
  const elsewhere = openTestShadow(place);
  const both = elsewhere.take(mintOrder());
  elsewhere.close();
  rmSync(at('README'));
  rmSync(at('Readme'));
  write('other', 'x');
  foldIn(place.root);
  const shadow = openTestShadow(place);
  expect(() => goBack(shadow, both.id)).toThrow(/this file system takes it for README/);
  expect(readAll()).toEqual({ other: 'x' });
  shadow.close();
});

it('a file that took the other name since is not written over', () => {
  write('Readme', 'one');
  const shadow = openTestShadow(place);
  const first = shadow.take(mintOrder());
  renameSync(at('Readme'), at('other'));
  const order = mintOrder();
  const { steps } = shadow.plan(order, first.id);
  write('README', 'of somebody');
  expect(() => shadow.apply(order.id, steps)).toThrow(/changed since the plan was made/);
  expect(readAll()).toEqual({ README: 'of somebody', other: 'one' });
  shadow.close();
});
