/** Reads checkpoints' trees: what a path was, and what differs between two of them. */

import { Failure } from '../errors.ts';
import { joinPath, type RawPath, showPath } from '../snapshot/raw-path.ts';
import type { Version } from '../snapshot/restore-step.ts';
import { modes, readTree, type TreeEntry } from '../snapshot/tree-object.ts';
import type { Oid } from './object-id.ts';
import { emptyTree } from './object-id.ts';
import type { Store } from './open-store.ts';
import type { Change } from './order.ts';

/** Ours, or any other that has trees. */
export type TreeStore = Pick<Store, 'read'>;

export function readEntries(store: TreeStore, tree: Oid | undefined): readonly TreeEntry[] {
  if (tree === undefined || tree === emptyTree) return [];
  const object = store.read(tree);
  if (object?.type === 'tree') return readTree(object.bytes);
  throw new Failure('damaged', `tree ${tree} of the shadow repository is missing or damaged`, {
    hint: 'what others need may be whole: `clew checkpoints` lists them; what is there now, `clew checkpoint` keeps anew',
  });
}

export function findEntry(store: TreeStore, tree: Oid, path: RawPath): TreeEntry | undefined {
  return walkTo(tree, path, (folder, name) =>
    readEntries(store, folder).find((candidate) => candidate.name === name),
  );
}

export function walkTo(
  tree: Oid,
  path: RawPath,
  look: (folder: Oid, name: RawPath) => TreeEntry | undefined,
): TreeEntry | undefined {
  let entry: TreeEntry | undefined = { name: '', mode: modes.folder, oid: tree };
  for (const name of path.split('/')) {
    if (entry?.mode !== modes.folder) return undefined;
    entry = look(entry.oid, name);
  }
  return entry;
}

export function versionOf(entry: TreeEntry | undefined): Version | undefined {
  if (!entry || entry.mode === modes.folder) return undefined;
  const mode = entry.mode.toString(8) as '100644' | '100755' | '120000';
  return { mode, oid: entry.oid };
}

/** Only what differs is walked. */
export function diffTrees(
  store: TreeStore,
  before: Oid | undefined,
  after: Oid | undefined,
): Change[] {
  const changes: Change[] = [];
  diffInto({ store, changes }, '', [before, after]);
  return changes;
}

type Walk = { readonly store: TreeStore; readonly changes: Change[] };

function diffInto(
  walk: Walk,
  folder: RawPath,
  [before, after]: [Oid | undefined, Oid | undefined],
): void {
  if (before === after) return;
  const old = new Map(readEntries(walk.store, before).map((entry) => [entry.name, entry]));
  const names = new Set(old.keys());
  const now = new Map<string, TreeEntry>();
  for (const entry of readEntries(walk.store, after)) {
    now.set(entry.name, entry);
    names.add(entry.name);
  }
  for (const name of [...names].sort()) {
    diffEntry(walk, joinPath(folder, name), [old.get(name), now.get(name)]);
  }
}

function diffEntry(
  walk: Walk,
  path: RawPath,
  [old, now]: [TreeEntry | undefined, TreeEntry | undefined],
): void {
  if (old?.oid === now?.oid && old?.mode === now?.mode) return;
  const before = versionOf(old);
  const after = versionOf(now);
  if (before || after) {
    const change = {
      path: showPath(path),
      ...(before ? { before } : {}),
      ...(after ? { after } : {}),
    };
    walk.changes.push(change);
  }
  diffInto(walk, path, [folderId(old), folderId(now)]);
}

function folderId(entry: TreeEntry | undefined): Oid | undefined {
  return entry?.mode === modes.folder ? entry.oid : undefined;
}
