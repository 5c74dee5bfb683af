/** A repository's history and branches, as git itself would tell them. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hasBranch } from '../../src/repo/has-branch.ts';
import { isAncestor } from '../../src/repo/is-ancestor.ts';
import { openObjects } from '../../src/repo/open-objects.ts';
import { readDefaultBranch } from '../../src/repo/read-default-branch.ts';
import { openPack } from '../../src/shadow/open-pack.ts';
import { openBlobIds } from '../../src/workspace/open-blob-ids.ts';
import { git } from '../git.ts';
import { makeFolder } from '../scratch.ts';

function openRepository() {
  const root = makeFolder();
  git(root, 'init', '-q', '-b', 'main');
  return { root, common: join(root, '.git') };
}

function openReader(file: string) {
  const pack = openPack(file);
  return pack && { ...pack, listIds: () => [] };
}

/** A history of random shape, of empty trees; ids in the order made. */
function makeHistory(root: string, parents: readonly (readonly number[])[]): string[] {
  const tree = git(root, 'hash-object', '-t', 'tree', '-w', '/dev/null').trim();
  const ids: string[] = [];
  parents.forEach((of, n) => {
    const named = [...new Set(of)].flatMap((it) => ['-p', ids[it % n] ?? '']);
    const args = n === 0 ? [] : named;
    ids.push(git(root, 'commit-tree', tree, ...args, '-m', `c${n}`).trim());
  });
  return ids;
}

test('whether one commit builds on another: as git says, loose and packed', () => {
  const shape = fc.array(fc.array(fc.nat(30), { minLength: 1, maxLength: 3 }), {
    minLength: 2,
    maxLength: 14,
  });
  fc.assert(
    fc.property(shape, fc.boolean(), (parents, isPacked) => {
      const { root, common } = openRepository();
      const ids = makeHistory(root, parents);
      ids.forEach((id, n) => {
        git(root, 'update-ref', `refs/heads/b${n}`, id);
      });
      if (isPacked) git(root, 'repack', '-adq');
      const objects = openObjects(common, openReader);
      const last = ids.at(-1) ?? '';
      for (const id of ids)
        for (const [older, newer] of [
          [id, last],
          [last, id],
        ] as const) {
          const judge = spawnSync('git', ['merge-base', '--is-ancestor', older, newer], {
            cwd: root,
          });
          expect(isAncestor(objects, older, newer)).toBe(judge.status === 0);
        }
      objects.close();
      rmSync(root, { recursive: true });
    }),
    { numRuns: 8 },
  );
});

test('objects that lie with another repository are found, and where some are missing nothing is claimed', () => {
  const { root } = openRepository();
  const [first = '', second = '', third = ''] = makeHistory(root, [[0], [0], [1]]);
  git(root, 'update-ref', 'refs/heads/main', third);
  const borrower = join(root, 'borrower');
  git(root, 'clone', '-q', '--shared', '.', borrower);
  const common = join(borrower, '.git');
  const objects = () => openObjects(common, openReader);
  expect(isAncestor(objects(), first, third)).toBe(true);
  rmSync(join(root, '.git', 'objects', second.slice(0, 2), second.slice(2)));
  expect(isAncestor(objects(), first, third)).toBe(undefined);
  expect(isAncestor(objects(), second, third)).toBe(undefined);
  expect(isAncestor(objects(), 'f'.repeat(40), third)).toBe(undefined);
});

test('a damaged object, and one that is made to be huge, are as good as missing', () => {
  const { root, common } = openRepository();
  const [first = '', second = ''] = makeHistory(root, [[0], [0]]);
  const path = join(common, 'objects', second.slice(0, 2), second.slice(2));
  rmSync(path);
  writeFileSync(path, 'no zlib');
  expect(isAncestor(openObjects(common, openReader), first, second)).toBe(undefined);
  rmSync(path);
  writeFileSync(path, Buffer.alloc(9 << 20));
  expect(isAncestor(openObjects(common, openReader), first, second)).toBe(undefined);
});

test('branches, loose and packed; the default one', () => {
  const { root, common } = openRepository();
  expect(readDefaultBranch(common)).toBe(undefined);
  const [first = ''] = makeHistory(root, [[0]]);
  for (const name of ['main', 'feature/x', 'trunk', 'dev']) git(root, 'branch', name, first);
  const names = ['main', 'feature/x', 'feature', 'gone', '../../HEAD', ''];
  const found = [true, true, false, false, false, false];
  expect(names.map((it) => hasBranch(common, it))).toEqual(found);
  git(root, 'pack-refs', '--all');
  expect(readdirSync(join(common, 'refs', 'heads'))).toEqual([]);
  expect(names.map((it) => hasBranch(common, it))).toEqual(found);
  expect(readDefaultBranch(common)).toBe('main');
  git(root, 'update-ref', '-d', 'refs/heads/main');
  expect(readDefaultBranch(common)).toBe('trunk');
  mkdirSync(join(common, 'refs', 'remotes', 'origin'), { recursive: true });
  git(root, 'symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/dev');
  expect(readDefaultBranch(common)).toBe('dev');
});

test('blob ids are git\u2019s, and follow every change', () => {
  const { root } = openRepository();
  const blobOf = openBlobIds(root);
  const write = (name: string, text: string) => writeFileSync(join(root, name), text);
  for (const [name, text] of [
    ['a', 'one'],
    ['日 本', ''],
    ['a', 'two'],
    ['a', 'owt'],
  ] as const) {
    write(name, text);
    expect(blobOf(name)).toBe(git(root, 'hash-object', '--', name).trim());
    expect(blobOf(name)).toBe(git(root, 'hash-object', '--', name).trim());
  }
  rmSync(join(root, 'a'));
  expect([blobOf('a'), blobOf('.git'), blobOf('never/was')]).toEqual([null, undefined, null]);
});
