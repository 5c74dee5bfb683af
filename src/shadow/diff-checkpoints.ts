/** What differs between two checkpoints: what their trees say, and files that only have other rights. */
import { joinPath, type RawPath, readPath, showPath } from '../snapshot/raw-path.ts';
import { isSameContent } from '../snapshot/restore-step.ts';
import type { RightsRecord } from '../snapshot/rights.ts';
import { modes } from '../snapshot/tree-object.ts';
import type { Oid } from './object-id.ts';
import type { Rights } from './open-rights.ts';
import { openTreeFinder } from './open-tree-finder.ts';
import type { Change } from './order.ts';
import { diffTrees, readEntries, type TreeStore, versionOf } from './read-trees.ts';
import type { ReadCommit } from './write-commit.ts';

export type Side = { readonly tree: Oid; readonly rights: Rights };

export function diffCheckpoints(store: TreeStore, before: Side, after: Side): Change[] {
  const changes = diffTrees(store, before.tree, after.tree).map((change): Change => {
    const path = readPath(change.path);
    return {
      ...change,
      ...(change.before ? { before: before.rights.dress(path, change.before) } : {}),
      ...(change.after ? { after: after.rights.dress(path, change.after) } : {}),
    };
  });
  const others = diffRights(store, before, after);
  if (others.length === 0) return changes;
  return [...changes, ...others].sort((one, other) => (one.path < other.path ? -1 : 1));
}

/** Of files that are the same in both trees. */
function diffRights(store: TreeStore, before: Side, after: Side): Change[] {
  const [was, is] = [before.rights.record, after.rights.record];
  if (was === undefined || is === undefined || was === is) return [];
  const find = openTreeFinder(store);
  const changes: Change[] = [];
  for (const path of listSuspects(store, { was, is }, after.tree, find)) {
    const [old, now] = [find(before.tree, path), find(after.tree, path)].map(versionOf);
    if (!old || !now || !isSameContent(old, now) || old.mode === '120000') continue;
    const [then, there] = [was.of(path, old.mode), is.of(path, now.mode)];
    if (then === undefined || there === undefined || then === there) continue;
    changes.push({
      path: showPath(path),
      before: before.rights.dress(path, old),
      after: after.rights.dress(path, now),
    });
  }
  return changes;
}

type Pair = { readonly was: RightsRecord; readonly is: RightsRecord };

/** What is named in either and not said alike of both; where the usual itself is another, all there is. */
function listSuspects(
  store: TreeStore,
  { was, is }: Pair,
  tree: Oid,
  find: ReturnType<typeof openTreeFinder>,
): Set<RawPath> {
  const found = new Set<RawPath>();
  const isAnother = (['f', 'x'] as const).some((it) => was.usual.get(it) !== is.usual.get(it));
  if (isAnother) {
    addFiles(store, tree, '', found);
    return found;
  }
  for (const path of listNamed({ was, is }, '=')) found.add(path);
  for (const kind of ['f', 'x'] as const) {
    for (const path of listNamed({ was, is }, kind)) {
      const there = path === '' ? { mode: modes.folder, oid: tree } : find(tree, path);
      if (there?.mode === modes.folder) addFilesIn(store, there.oid, path, found);
    }
  }
  return found;
}

function listNamed({ was, is }: Pair, kind: 'f' | 'x' | '='): RawPath[] {
  const paths = new Set([...was.listed[kind].keys(), ...is.listed[kind].keys()]);
  return [...paths].filter((path) => {
    const isInBoth = was.listed[kind].has(path) && is.listed[kind].has(path);
    return !isInBoth || was.listed[kind].get(path) !== is.listed[kind].get(path);
  });
}

function addFilesIn(store: TreeStore, tree: Oid, path: RawPath, found: Set<RawPath>): void {
  for (const { name, mode } of readEntries(store, tree))
    if (mode !== modes.folder) found.add(joinPath(path, name));
}

function addFiles(store: TreeStore, tree: Oid, path: RawPath, found: Set<RawPath>): void {
  for (const { name, mode, oid } of readEntries(store, tree)) {
    const inside = joinPath(path, name);
    if (mode === modes.folder) addFiles(store, oid, inside, found);
    else found.add(inside);
  }
}

/** Paths that have other rights now if they are folders in both. */
export function diffFolders(
  store: TreeStore,
  before: Side,
  after: Side & Pick<ReadCommit, 'lists'>,
): RawPath[] {
  const [was, is] = [before.rights.record, after.rights.record];
  if (was === undefined || is === undefined || was === is) return [];
  const paths = new Set([...was.listed.d.keys(), ...is.listed.d.keys()]);
  if (was.usual.get('d') !== is.usual.get('d')) {
    addFolders(store, after.tree, '', paths);
    // No tree has the empty ones.
    for (const path of after.lists.folders) paths.add(path);
  }
  return [...paths].filter((path) => {
    const [then, there] = [was.of(path, '040000'), is.of(path, '040000')];
    return then !== undefined && there !== undefined && then !== there;
  });
}

function addFolders(store: TreeStore, tree: Oid, path: RawPath, found: Set<RawPath>): void {
  for (const { name, mode, oid } of readEntries(store, tree)) {
    if (mode !== modes.folder) continue;
    const inside = joinPath(path, name);
    found.add(inside);
    addFolders(store, oid, inside, found);
  }
}
