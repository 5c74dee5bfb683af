/** What a checkpoint would give back, byte by byte, as `printTree` would print it. */

import { openRights } from '../../src/shadow/open-rights.ts';
import type { Shadow } from '../../src/shadow/open-shadow.ts';
import { versionOf } from '../../src/shadow/read-trees.ts';
import { readCommit } from '../../src/shadow/write-commit.ts';
import { modes, readTree } from '../../src/snapshot/tree-object.ts';
import { digest, spellRights } from './print-tree.ts';

export function readCheckpoint(shadow: Shadow, id: string): string {
  const { store } = shadow.engine;
  const commit = readCommit(store, shadow.show(id).commit);
  if (!commit) return 'damaged';
  const lines = new Map<string, string>();
  const { record } = openRights(store, commit.rights);
  const rightsOf = (path: string, mode: number) =>
    spellRights(record?.of(path, versionOf({ name: '', mode, oid: '' })?.mode ?? '040000') ?? -1);
  const tellFolder = (path: string) => `${path}/ ${rightsOf(path, modes.folder)}`;
  for (const folder of commit.lists.folders) lines.set(folder, tellFolder(folder));
  const walk = (tree: string, folder: string) => {
    for (const { name, mode, oid } of readEntries(shadow, tree)) {
      const path = folder === '' ? name : `${folder}/${name}`;
      const rights = mode === modes.link ? '' : `${rightsOf(path, mode)} `;
      const told = `${path} ${rights}${tell(shadow, mode, oid)}`;
      lines.set(path, mode === modes.folder ? tellFolder(path) : told);
      if (mode === modes.folder) walk(oid, path);
    }
  };
  walk(commit.tree, '');
  for (const folder of commit.lists.folders) {
    const names = folder.split('/');
    for (let depth = 1; depth < names.length; depth += 1) {
      const above = names.slice(0, depth).join('/');
      lines.set(above, tellFolder(above));
    }
  }
  return sortPaths([...lines]).join('\n');
}

function readEntries(shadow: Shadow, tree: string) {
  const object = shadow.engine.store.read(tree);
  if (object || /^4b825dc6/.test(tree)) return readTree(object?.bytes ?? new Uint8Array());
  throw new Error(`tree ${tree} is missing`);
}

function tell(shadow: Shadow, mode: number, oid: string): string {
  const bytes = shadow.readBlob(oid);
  if (bytes === undefined) return 'is missing';
  if (mode === modes.link) return `-> ${Buffer.from(bytes).toString()}`;
  return digest(bytes);
}

/** As a walk finds them: by name within each folder. */
function sortPaths(lines: [string, string][]): string[] {
  const key = (path: string) => path.split('/');
  return lines
    .sort(([a], [b]) => {
      const [one, other] = [key(a), key(b)];
      for (let at = 0; at < Math.min(one.length, other.length); at += 1) {
        const [left = '', right = ''] = [one[at], other[at]];
        if (left !== right) return left < right ? -1 : 1;
      }
      return one.length - other.length;
    })
    .map(([, line]) => line);
}
