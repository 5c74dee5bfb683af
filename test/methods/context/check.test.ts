/** context/check: what was seen, against what lies there now; and the same through the command line. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ask, openAt } from '../recorded.ts';
import { blobOf, keepSeen, recordSeen } from './seen-story.ts';

test('each file is current, stale, gone, come or unknown', async () => {
  const recorded = recordSeen();
  const { files, stale } = await ask(openAt(recorded), 'context/check', {});
  expect(files.map(({ seen, state, found }) => [seen.path, state, found])).toEqual([
    ['came.txt', 'stale', blobOf('')],
    ['changed.txt', 'stale', blobOf('new\n')],
    ['gone.txt', 'stale', null],
    ['same ü.txt', 'current', blobOf('same\n')],
  ]);
  expect(stale).toBe(3);
});

test('what is no file now is unknown, and a file that is as it was is not stale', async () => {
  const recorded = recordSeen();
  const seen = { blob: blobOf('same\n'), at: 5, how: 'disk' } as const;
  await keepSeen(recorded, { folder: seen, pipe: seen, 'same ü.txt': seen });
  mkdirSync(join(recorded.root, 'folder'));
  execFileSync('mkfifo', [join(recorded.root, 'pipe')]);
  const context = openAt(recorded);
  const first = await ask(context, 'context/check', {});
  expect(first.files.map(({ state, why }) => [state, why])).toEqual([
    ['unknown', 'no-file'],
    ['unknown', 'no-file'],
    ['current', undefined],
  ]);
  rmSync(join(recorded.root, 'folder'), { recursive: true });
  expect((await ask(context, 'context/check', { paths: ['folder'] })).stale).toBe(1);
});
