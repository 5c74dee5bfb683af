/** Every branch is read on as often as somebody looks, as if nothing had been kept from the last look. */
import { execFileSync } from 'node:child_process';
import { existsSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type BranchCursor, openBranches } from '../../src/repo/open-branches.ts';
import { git } from '../git.ts';
import { makeFolder } from '../scratch.ts';
import '../seed.ts';
import { sizeOf } from '../soak.ts';

const names = ['a', 'b/c', 'b/d', 'ü'];
const deed = fc.oneof(
  fc.record({ name: fc.constantFrom(...names), to: fc.constantFrom('one', 'two', undefined) }),
  fc.constant('pack' as const),
  fc.constant('look' as const),
);

test('whatever moves, is packed or goes, in one moment or later', () => {
  const root = makeFolder();
  git(root, 'init', '-q', '-b', 'main');
  const commit = (text: string) => {
    git(root, 'commit', '-q', '--allow-empty', '-m', text);
    git(root, 'tag', text);
  };
  for (const it of ['one', 'two', 'three']) commit(it);
  const folder = join(root, '.git');
  let seconds = 1_000_000;
  /** As if long ago, and each at another time: only what is no longer new is kept. */
  const age = (name: string) => {
    seconds += 1;
    const path = join(folder, name);
    if (existsSync(path)) utimesSync(path, seconds, seconds);
  };
  const read = (keeper: ReturnType<typeof openBranches>, known: readonly BranchCursor[]) => {
    const { readings, cursors } = keeper.readOn(known);
    return { readings, cursors: JSON.parse(JSON.stringify(cursors)) as BranchCursor[] };
  };
  function move(it: 'pack' | { name: string; to: string | undefined }): void {
    if (it === 'pack') git(root, 'pack-refs', '--all');
    else {
      const ref = `refs/heads/${it.name}`;
      if (it.to === undefined) git(root, 'update-ref', '-d', ref);
      else git(root, 'update-ref', '--create-reflog', '-m', 'moved', ref, it.to);
      age(ref);
    }
    age('packed-refs');
  }
  fc.assert(
    fc.property(fc.array(deed, { minLength: 1, maxLength: 8 }), (deeds) => {
      for (const it of names)
        git(root, 'update-ref', '--create-reflog', `refs/heads/${it}`, 'three');
      for (const it of names) age(`refs/heads/${it}`);
      const keeper = openBranches(folder);
      let known = read(keeper, []).cursors;
      for (const it of [...deeds, 'look' as const]) {
        if (it !== 'look') {
          move(it);
          continue;
        }
        const kept = read(keeper, known);
        expect(kept).toEqual(read(openBranches(folder), known));
        known = kept.cursors;
      }
      const told = execFileSync(
        'git',
        ['for-each-ref', '--format=%(refname) %(objectname)', 'refs/heads'],
        { cwd: root, encoding: 'utf8' },
      );
      const heads = known.map(([name, head]) => `refs/heads/${name} ${head}\n`);
      expect(heads.sort().join('')).toBe(
        told
          .split(/(?<=\n)/)
          .sort()
          .join(''),
      );
    }),
    { numRuns: sizeOf(12, 200) },
  );
});
