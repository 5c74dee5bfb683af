/** Where a path lies in a workspace, by its own name, through a link, or not at all. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findInside, findTarget } from '../../src/workspace/find-inside.ts';
import { makeFolder } from '../scratch.ts';

function openPlace() {
  const folder = makeFolder();
  const root = join(folder, 'real');
  mkdirSync(join(root, 'src'), { recursive: true });
  symlinkSync(root, join(folder, 'link'));
  return { folder, root };
}

it.each([
  ['real/src/a.ts', 'src/a.ts'],
  ['real/src/', 'src'],
  ['real', ''],
  ['link/src/a.ts', 'src/a.ts'],
  ['link/new/deep/a.ts', 'new/deep/a.ts'],
  ['other/a.ts', undefined],
  ['real/../other/a.ts', undefined],
])('%s is %s', (path, inside) => {
  const { folder, root } = openPlace();
  expect(findInside(root, `${folder}/${path}`)).toBe(inside);
});

it.each([
  ['src/../a.ts', 'a.ts'],
  ['.', ''],
  ['../a.ts', undefined],
])('relative to the workspace: %s is %s', (path, inside) => {
  expect(findInside(openPlace().root, path)).toBe(inside);
});

it.each([
  ['src/a.ts', 'src/a.ts'],
  ['file-link', 'src/a.ts'],
  ['folder-link/a.ts', 'src/a.ts'],
  ['folder-link/new/deep.ts', 'src/new/deep.ts'],
  ['src/none.ts', 'src/none.ts'],
  ['dangling', 'dangling'],
  ['out', undefined],
  ['out/a.ts', undefined],
])('whoever writes to %s comes to %s', (path, target) => {
  const { folder, root } = openPlace();
  writeFileSync(join(root, 'src/a.ts'), '');
  symlinkSync('src/a.ts', join(root, 'file-link'));
  symlinkSync('src', join(root, 'folder-link'));
  symlinkSync('nowhere', join(root, 'dangling'));
  symlinkSync(folder, join(root, 'out'));
  expect(findTarget(root, path)).toBe(target);
  expect(findTarget(root, join(folder, 'link', path))).toBe(target);
});
