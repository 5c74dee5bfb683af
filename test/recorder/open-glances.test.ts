/** A file is read again only when it may have changed, and after a command only when it changed meanwhile. */
import { expect, test } from 'vitest';
import { openGlances } from '../../src/recorder/open-glances.ts';
import { isSame, type Look, type Stamp } from '../../src/workspace/look-at-file.ts';

const stampAt = (ms: number): Stamp => ({
  inode: 1n,
  size: 1n,
  mtimeNs: 5n,
  ctimeNs: BigInt(ms) * 1_000_000n,
});

function openRig() {
  const files = new Map<string, Stamp>();
  const looked: string[] = [];
  const complaints: string[] = [];
  const glances = openGlances({
    async look(_root, path): Promise<Look> {
      looked.push(path);
      const stamp = files.get(path);
      if (path === 'broken') throw new Error('broken');
      return stamp === undefined
        ? { kind: 'absent' }
        : { kind: 'file', path, blob: `${stamp.ctimeNs}`, stamp };
    },
    stamp: async (_root, path) => files.get(path),
    isSame,
    complain: (doing, error) => complaints.push(`${doing}: ${(error as Error).message}`),
  });
  return { files, looked, glances, complaints };
}

test('an earlier look stands while the file has the same stamp', async () => {
  const { files, looked, glances } = openRig();
  files.set('a', stampAt(1));
  const first = await glances.look('/w', 'a');
  expect(await glances.lookAgain('/w', 'a', first)).toBe(first);
  files.set('a', stampAt(2));
  expect(await glances.lookAgain('/w', 'a', first)).toMatchObject({ blob: '2000000' });
  files.delete('a');
  expect(await glances.lookAgain('/w', 'a', first)).toEqual({ kind: 'absent' });
  expect(await glances.lookAgain('/w', 'a', undefined)).toEqual({ kind: 'absent' });
  expect(looked).toHaveLength(4);
});

test('after a command only what changed in its time is looked at', async () => {
  const { files, glances } = openRig();
  files.set('a', stampAt(1_000));
  await glances.look('/w', 'a');
  const ask = (sinceMs: number, isThere = true) =>
    glances.lookIfChanged('/w', { path: 'a', isThere }, sinceMs);
  expect(await ask(0)).toBeUndefined();
  files.set('a', stampAt(2_000));
  // By somebody else, before the command began.
  expect(await ask(2_100)).toBeUndefined();
  expect(await ask(1_900)).toMatchObject({ kind: 'file', blob: '2000000000' });
  // The clock that stamps files is a coarse one.
  files.set('a', stampAt(3_000));
  expect(await ask(3_010)).toMatchObject({ kind: 'file' });
  files.delete('a');
  expect(await ask(0)).toEqual({ kind: 'absent' });
  expect(await ask(0, false)).toBeUndefined();
  files.set('a', stampAt(4_000));
  expect(await ask(0, false)).toMatchObject({ kind: 'file' });
});

test('what waits is bounded, what fails is told, and the rest goes on', async () => {
  const { looked, glances, complaints } = openRig();
  for (let n = 0; n < 400; n += 1)
    glances.queue(async () => {
      await glances.look('/w', n === 7 ? 'broken' : 'a');
    });
  expect(glances.isBusy()).toBe(true);
  await glances.settle();
  expect(glances.isBusy()).toBe(false);
  expect(looked).toHaveLength(400);
  expect(complaints).toEqual(['looking at what a session has seen: broken']);
});
