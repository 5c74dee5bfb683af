/** The files of a session that goes on under another branch: whole at every step, and in the end each as it should be. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { DriftResolved, ShortLayer } from '../../src/contract/types.gen.ts';
import { beginShort } from '../../src/layers/begin-short.ts';
import { openLayerFile } from '../../src/store/open-layer-file.ts';
import { openLayerShelf } from '../../src/store/open-layer-shelf.ts';
import { makeFolder } from '../scratch.ts';

const on = (branch: string, turns: number): ShortLayer => ({
  ...beginShort('S', 1_790_000_000_000),
  branch,
  turns: Array.from({ length: turns }, (_, n) => ({ turn: `T${n}`, at: '', prompt: `${n}` })),
});
const goesOn = (branch: string, from: string, turns: number): ShortLayer => ({
  ...on(branch, turns),
  forked: { at: '2026-11-21T10:00:00.000Z', branch: from },
});
const fork = (from: string, to: string, how: DriftResolved['how'] = 'fork'): DriftResolved => ({
  ...{ type: 'drift-resolved', how, files: [] },
  ...{ before: { worktree: '/w', branch: from }, after: { worktree: '/w', branch: to } },
});

function openPlace() {
  const root = makeFolder();
  const shelf = openLayerShelf({ root, layers: join(root, 'layers') }, () => 0);
  const list = () =>
    shelf
      .heads()
      .map((it) => `${it.branch} ${it.state} ${shelf.read(it.file)?.turns.length}`)
      .sort();
  return { shelf, list };
}

test('what was there before HEAD moved stays, and what came after goes on', async () => {
  const { shelf, list } = openPlace();
  const file = openLayerFile(() => shelf);
  await file.write(on('topic', 2));
  await file.write(on('main', 3));
  file.fork(fork('topic', 'main'));
  await file.write(goesOn('main', 'topic', 3));
  await file.write(goesOn('main', 'topic', 4));
  expect(list()).toEqual(['main open 4', 'topic forked 2']);
  expect(shelf.find('S')?.layer.turns).toHaveLength(4);
  expect(shelf.find('S', 'topic')?.layer.turns).toHaveLength(2);
  expect(shelf.find('S', 'elsewhere')?.layer.branch).toBe('main');
  file.fork(fork('main', 'topic', 'ignore'));
  await file.write(goesOn('main', 'topic', 5));
  expect(list()).toEqual(['main open 5', 'topic forked 2']);
});

test('what the disk refuses in the middle is made good with the next turn', async () => {
  const { shelf, list } = openPlace();
  let left = 3;
  const tired = {
    ...shelf,
    write(layer: ShortLayer, name?: string) {
      left -= 1;
      return left === 0 ? Promise.reject(new Error('no space')) : shelf.write(layer, name);
    },
  };
  const file = openLayerFile(() => tired);
  await file.write(on('topic', 2));
  file.fork(fork('topic', 'main'));
  await expect(file.write(goesOn('main', 'topic', 3))).rejects.toThrow('no space');
  // Both are whole, and what it goes on in is found.
  expect(list()).toEqual(['main open 3', 'topic open 2']);
  expect(shelf.find('S')?.layer.branch).toBe('main');
  await file.write(goesOn('main', 'topic', 4));
  expect(list()).toEqual(['main open 4', 'topic forked 2']);
});
