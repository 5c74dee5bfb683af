/** Paths found in trees that are read once: the same as without memory, and no more of it than there is room for. */
import { expect, test } from 'vitest';
import { openTreeFinder } from '../../src/shadow/open-tree-finder.ts';
import { modes, writeTree } from '../../src/snapshot/tree-object.ts';

const id = (digit: string) => digit.repeat(40);
const file = (name: string) => ({ name, mode: modes.file, oid: id('f') });
const folder = (name: string, oid: string) => ({ name, mode: modes.folder, oid });

const trees = new Map([
  [id('a'), writeTree([file('one'), folder('in', id('b')), folder('gone', id('d'))])],
  [id('b'), writeTree([file('two'), folder('deep', id('c'))])],
  [id('c'), writeTree([file('three')])],
]);

function open(limit?: number) {
  const reads: string[] = [];
  const store = {
    read(oid: string) {
      reads.push(oid.slice(0, 1));
      const bytes = trees.get(oid);
      return bytes && { type: 'tree' as const, bytes: Buffer.from(bytes) };
    },
  };
  return { find: openTreeFinder(store, limit), reads };
}

test('each folder is read once, whatever is asked of it', () => {
  const { find, reads } = open();
  for (const path of ['one', 'in/two', 'in/deep/three'])
    expect(find(id('a'), path)).toEqual(file(path.split('/').at(-1) as string));
  expect(find(id('a'), 'in/deep')).toEqual(folder('deep', id('c')));
  for (const path of ['two', 'in/one', 'one/two', 'in/deep/three/x'])
    expect(find(id('a'), path)).toBeUndefined();
  expect(reads.join('')).toBe('abc');
});

test('without room the folder asked longest ago is read again', () => {
  const { find, reads } = open(4);
  for (const path of ['in/two', 'one', 'in/deep/three', 'in/two']) find(id('a'), path);
  // Of a and b only one has room, of b and c both.
  expect(reads.join('')).toBe('ababcab');
  expect(find(id('a'), 'in/deep/three')).toEqual(file('three'));
});

test('a folder that is missing is said to be, each time', () => {
  const { find } = open();
  for (const _ of [1, 2]) expect(() => find(id('a'), 'gone/x')).toThrow('missing or damaged');
});
