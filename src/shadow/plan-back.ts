/** From the tree as it is now to that of a checkpoint: what to write, what to take away, what to leave alone. */
import { Failure } from '../errors.ts';
import { type IgnoreRules, isLeftOut, readIgnoreRules } from '../snapshot/ignore-rules.ts';
import { folderOf, joinPath, type RawPath, readPath, showPath } from '../snapshot/raw-path.ts';
import type { RestoreStep } from '../snapshot/restore-step.ts';
import { modes, type TreeEntry } from '../snapshot/tree-object.ts';
import { diffCheckpoints, diffFolders } from './diff-checkpoints.ts';
import { emptyTree } from './object-id.ts';
import { openSide, type Rights } from './open-rights.ts';
import type { Store } from './open-store.ts';
import { openTreeFinder } from './open-tree-finder.ts';
import { openUnknown } from './open-unknown.ts';
import { diffTrees, type TreeStore, versionOf } from './read-trees.ts';
import type { ReadCommit } from './write-commit.ts';

/** A checkpoint as it is asked of many paths: what its tree has there, and the folders with nothing in them. */
type End = {
  readonly at: (path: RawPath) => TreeEntry | undefined;
  readonly empty: ReadonlySet<RawPath>;
};

type Between = { readonly now: ReadCommit; readonly target: ReadCommit };

export type BackPlan = {
  readonly steps: readonly RestoreStep[];
  /** What the checkpoint does not know, and so leaves as it is. */
  readonly unknown: readonly string[];
};

/** `now` is the checkpoint just taken of what is there; `paths` narrows, folders with all in them. */
export function planBack(
  store: Store,
  { now, target }: Between,
  paths: readonly string[] | undefined,
  outside: IgnoreRules | undefined,
): BackPlan {
  if (target.lists.uncaptured.includes('') && target.tree === emptyTree) {
    throw new Failure('restore-refused', `checkpoint ${target.id} was never completed`, {
      hint: 'nothing was changed; go back to another one',
    });
  }
  const isUnknownNow = openUnknown(now);
  const isUnknownThen = openUnknown(target);
  const isUnknown = ({ path, found, want }: RestoreStep) =>
    isUnknownNow(readPath(path), found !== undefined) ||
    isUnknownThen(readPath(path), want !== undefined);
  const rulesOf = openRules(store, target, outside);
  const find = openTreeFinder(store);
  const [is, was] = [openEnd(find, now), openEnd(find, target)];
  const steps: RestoreStep[] = [];
  const left: string[] = [];
  const [here, there] = [openSide(store, now), openSide(store, target)];
  for (const { path, before, after } of diffCheckpoints(store, here, there)) {
    if (!isAsked(path, paths)) continue;
    // Ignored then: the checkpoint could not have it, so its silence means nothing.
    const isSilent = !after && isLeftOut(rulesOf, readPath(path), false);
    if (isSilent) continue;
    const found = before ?? folderAt(is, readPath(path));
    const step = { path, ...(found ? { found } : {}), ...(after ? { want: after } : {}) };
    if (isUnknown(step)) left.push(path);
    else steps.push(step);
  }
  const folders = [
    ...planFolders({ is, was, rights: there.rights }, listVanishing(store, { now, target }, was)),
    ...diffFolders(store, here, there).flatMap((path): RestoreStep[] => {
      const isKept = [is, was].every((it) => isFolderIn(it, path));
      const want = there.rights.dress(path, folder);
      return isKept ? [{ path: showPath(path), found: folder, want }] : [];
    }),
  ].filter((step) => isAsked(step.path, paths) && !isUnknown(step));
  return { steps: [...steps, ...folders], unknown: left };
}

function openEnd(find: ReturnType<typeof openTreeFinder>, { tree, lists }: ReadCommit): End {
  return { at: (path) => find(tree, path), empty: new Set(lists.folders) };
}

function isAsked(path: string, paths: readonly string[] | undefined): boolean {
  return (
    paths === undefined ||
    paths.some((asked) => asked === '' || path === asked || path.startsWith(`${asked}/`))
  );
}

const folder = { mode: '040000', oid: '' } as const;

/** A file can be wanted where a folder is now. */
function folderAt({ at, empty }: End, path: RawPath): typeof folder | undefined {
  return at(path) !== undefined || empty.has(path) ? folder : undefined;
}

type Ends = { readonly is: End; readonly was: End; readonly rights: Rights };

/** Folders are made by what lies in them; here are the empty ones, and those that become empty. */
function planFolders({ is, was, rights }: Ends, vanishing: readonly RawPath[]): RestoreStep[] {
  const steps: RestoreStep[] = [];
  for (const path of was.empty) {
    // It stays, whatever is in it now; other rights are a step of their own.
    if (isFolderIn(is, path)) continue;
    // A file there has a step of its own that takes it away; both must agree on what was found.
    const found = versionOf(is.at(path));
    steps.push({
      path: showPath(path),
      ...(found ? { found } : {}),
      want: rights.dress(path, folder),
    });
  }
  for (const path of is.empty) {
    const isKept = was.empty.has(path) || was.at(path) !== undefined;
    if (!isKept) steps.push({ path: showPath(path), found: folder });
  }
  for (const path of vanishing) {
    if (!was.empty.has(path)) steps.push({ path: showPath(path), found: folder });
  }
  return steps;
}

function isFolderIn({ at, empty }: End, path: RawPath): boolean {
  return at(path)?.mode === modes.folder || empty.has(path);
}

/** Folders with files now and without any then: after the files they go too, if nothing is left in them. */
function listVanishing(store: Store, { now, target }: Between, was: End): RawPath[] {
  const folders = new Set<RawPath>();
  for (const { path, before, after } of diffTrees(store, now.tree, target.tree)) {
    if (!before || after) continue;
    for (let at = folderOf(readPath(path)); at !== '' && !folders.has(at); at = folderOf(at)) {
      if (was.at(at) !== undefined) break;
      folders.add(at);
    }
  }
  const kept = new Set<RawPath>();
  for (const path of was.empty) for (let at = path; at !== ''; at = folderOf(at)) kept.add(at);
  return [...folders].filter((path) => !kept.has(path));
}

/**
 * The ignore files that a checkpoint has, behind them the rules of no tree. Those may have been others then; but
 * what they leave out is mostly left out for good, and to take a file for new that was only not looked at would
 * be to take it away.
 */
export function openRules(
  store: TreeStore,
  target: Pick<ReadCommit, 'tree'>,
  outside: IgnoreRules | undefined,
): (folder: RawPath) => IgnoreRules | undefined {
  const find = openTreeFinder(store);
  const known = new Map<RawPath, IgnoreRules | undefined>();
  return function rulesOf(path): IgnoreRules | undefined {
    if (known.has(path)) return known.get(path);
    const above = path === '' ? outside : rulesOf(folderOf(path));
    const entry = find(target.tree, joinPath(path, '.gitignore'));
    const text = entry && store.read(entry.oid)?.bytes.toString('latin1');
    const rules = text === undefined ? above : readIgnoreRules(text, path, above);
    known.set(path, rules);
    return rules;
  };
}
