/** One path compared: what kind of difference it is, and its numbered changes. */
import { describe, expect, it } from 'vitest';
import { compareFile } from '../../src/compare/compare-file.ts';
import type { FileChange } from '../../src/contract/types.gen.ts';
import { listChanges } from '../../src/snapshot/edit-lines.ts';
import { withoutHunks } from '../../src/undo/merge-lines.ts';
import { compareTrees, file, openTrees, type SmallTree } from './small-tree.ts';

async function compareOne(before: SmallTree, after: SmallTree): Promise<FileChange> {
  const [found, ...more] = await compareTrees(before, after);
  expect(more).toEqual([]);
  if (found === undefined) throw new Error('nothing differs');
  return found;
}

const cases: [string, SmallTree, SmallTree, Partial<FileChange>][] = [
  ['a text', { f: file('a\n') }, { f: file('b\n') }, { status: 'modified', kind: 'text' }],
  ['added', {}, { f: file('b\n') }, { status: 'added', kind: 'text', added: 1, removed: 0 }],
  ['removed', { f: file('b\n') }, {}, { status: 'removed', kind: 'text', added: 0, removed: 1 }],
  [
    'renamed',
    { f: file('b\n') },
    { g: file('b\n') },
    { status: 'renamed', kind: 'text', oldPath: 'f', path: 'g', similarity: 100, hunks: [] },
  ],
  [
    'the right to run',
    { f: file('a\n') },
    { f: file('a\n', '100755') },
    { status: 'mode', kind: 'mode', added: 0, removed: 0 },
  ],
  [
    'a link',
    { f: file('a', '120000') },
    { f: file('b', '120000') },
    { status: 'modified', kind: 'link', added: 1, removed: 1 },
  ],
  [
    'a file that became a link',
    { f: file('a\nb\n') },
    { f: file('a', '120000') },
    { status: 'type', kind: 'link', added: 1, removed: 2 },
  ],
  [
    'binary',
    { f: file('a\0') },
    { f: file('b\0c') },
    { status: 'modified', kind: 'binary', added: 0, removed: 0 },
  ],
  [
    'no UTF-8, and shown so that it can be read back',
    { f: file('\xfc\n') },
    { f: file('\xc3\xbc\n') },
    { kind: 'text', hunks: [layOne('-\udcfc', '+ü')] },
  ],
  [
    'an end that is missing',
    { f: file('a') },
    { f: file('a\r\n') },
    { kind: 'text', hunks: [layOne('-a', '\\ No newline at end of file', '+a\r')] },
  ],
];

function layOne(...lines: string[]) {
  return { oldStart: 1, oldLines: 1, newStart: 1, newLines: 1, lines, changes: [1] };
}

describe('kinds', () => {
  it.each(cases)('%s', async (_, before, after, told) => {
    expect(await compareOne(before, after)).toMatchObject(told);
  });

  it('has the size of both', async () => {
    const found = await compareOne({ f: file('a\0') }, { f: file('b\0c') });
    expect([found.before?.bytes, found.after?.bytes]).toEqual([2, 3]);
  });

  it('what was never captured', async () => {
    const { changes } = openTrees({ f: file('a\n') }, { f: file('b\n') });
    const [change] = changes;
    if (change === undefined) throw new Error('nothing differs');
    const found = await compareFile(change, { readBytes: () => undefined });
    expect(found).toMatchObject({ kind: 'missing', why: 'neither version was captured' });
    expect(found).not.toHaveProperty('hunks');
  });

  it('too large', async () => {
    const { changes, sources } = openTrees({ f: file('a\n') }, { f: file('bbb\n') });
    const [change] = changes;
    if (change === undefined) throw new Error('nothing differs');
    expect(await compareFile(change, sources, { limitBytes: 3 })).toMatchObject({
      kind: 'too-large',
      why: 'more than 3 bytes',
    });
  });

  it('too much to compare line by line is said so', async () => {
    const lines = Array.from({ length: 9000 }, (_, at) => `${at}\n`);
    const [before, after] = [lines.join(''), lines.reverse().join('')];
    expect(await compareOne({ f: file(before) }, { f: file(after) })).toMatchObject({
      kind: 'text',
      coarse: true,
      added: 9000,
      removed: 9000,
    });
  });
});

describe('numbers', () => {
  const lines = Array.from({ length: 60 }, (_, at) => `${at}\n`);
  const before = lines.join('');
  const after = lines.with(5, 'x\n').with(8, 'y\n').with(40, 'z\n').toSpliced(50, 1).join('');

  it.each([0, 1, 3, 100])('are the same whatever is shown around: %d lines', async (context) => {
    const [found] = await compareTrees({ f: file(before) }, { f: file(after) }, context);
    expect(found?.hunks?.flatMap((it) => it.changes)).toEqual([1, 2, 3, 4]);
    expect(found).toMatchObject({ added: 3, removed: 4 });
  });

  it('are those that an undo takes', () => {
    expect(listChanges(before, after).edits).toHaveLength(4);
    expect(withoutHunks(before, after, [3])).toBe(after.replace('z\n', '40\n'));
    expect(withoutHunks(before, after, [1, 2, 3, 4])).toBe(before);
    expect(withoutHunks(before, after, [0, 5])).toBe(after);
  });

  it('stand at the hunk that they are shown in', async () => {
    const { hunks = [] } = await compareOne({ f: file(before) }, { f: file(after) });
    expect(
      hunks.map(({ oldStart, oldLines, newStart, newLines, changes }) => [
        [oldStart, oldLines, newStart, newLines],
        changes,
      ]),
    ).toEqual([
      [
        [3, 10, 3, 10],
        [1, 2],
      ],
      [[38, 7, 38, 7], [3]],
      [[48, 7, 48, 6], [4]],
    ]);
  });
});
