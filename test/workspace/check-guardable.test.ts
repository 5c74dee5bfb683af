/** Home folders and whole disks are refused in words a person understands, unless it is meant. */
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkGuardable } from '../../src/workspace/check-guardable.ts';
import { makeFolder } from '../scratch.ts';

test('which folders are guarded', () => {
  const folder = makeFolder();
  const home = join(folder, 'home/me');
  mkdirSync(join(home, 'project'), { recursive: true });
  symlinkSync(home, join(folder, 'link'));
  const cases: [string, string[], string | undefined][] = [
    ['/', [home], 'the whole disk'],
    [home, [home], 'a home folder'],
    [home, [join(folder, 'link')], 'a home folder'],
    [home, ['/nonexistent', home], 'a home folder'],
    [join(folder, 'home'), [home], 'a folder of home folders'],
    [folder, [home], 'a folder of home folders'],
    [join(home, 'project'), [home], undefined],
    [join(folder, 'home/other'), [home], undefined],
    [`${home}2`, [home], undefined],
    [home, [], undefined],
    // What an empty or relative HOME would be, held against where we are.
    [process.cwd(), ['', '.'], undefined],
  ];
  for (const [root, homes, why] of cases) {
    let found: unknown;
    try {
      checkGuardable(root, { homes });
    } catch (error) {
      found = error;
    }
    const wanted = {
      code: 'no-workspace',
      message: `${root} is ${why}: no checkpoints are taken of it`,
    };
    if (why === undefined) expect({ root, found }).toEqual({ root, found: undefined });
    else
      expect(found).toMatchObject({
        ...wanted,
        hint: expect.stringMatching(/./),
        data: { root, why },
      });
    expect(() => checkGuardable(root, { homes, isForced: true })).not.toThrow();
  }
});
