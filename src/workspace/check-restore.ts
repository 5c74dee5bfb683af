/** Everything that can be known to go wrong with a restore, asked before anything changes. */
import { accessSync, constants, readdirSync, statfsSync } from 'node:fs';
import { Failure } from '../errors.ts';
import { judgePath, leavesTree } from '../snapshot/judge-path.ts';
import { folderOf, joinPath, type RawPath, readPath, showPath } from '../snapshot/raw-path.ts';
import { isSameVersion, type RestoreStep } from '../snapshot/restore-step.ts';
import { kinds } from '../snapshot/table.ts';
import { foldName } from './fold-names.ts';
import { placeOf, readSeen, readStat } from './read-seen.ts';
import { readVersion } from './read-version.ts';
import { isAsWanted } from './restore-work.ts';
import { isPassedOver } from './scan-folder.ts';

export type RestorePlace = {
  /** Real path. */
  readonly root: string;
  /** Verified bytes of a blob; nothing when it is missing or damaged. */
  readonly readBlob: (oid: string) => Uint8Array | undefined;
  /** README and Readme are one name there. */
  readonly folds?: boolean;
};

/** Links that point out of the tree are made only on request. */
type Asked = { readonly allowsOutsideLinks?: boolean };

export type Refusal = { readonly path: string; readonly why: string };

/** Throws one Failure with all that stands in the way; returns having changed nothing. */
export function checkRestore(place: RestorePlace & Asked, steps: readonly RestoreStep[]): void {
  const refusals: Refusal[] = [];
  let bytesNeeded = 0;
  const removed = new Set(steps.filter((step) => !step.want).map((step) => readPath(step.path)));
  const givingWay = openTwins(place, steps);
  const parents = openParents(place.root, removed);
  for (const step of steps) {
    const checked = checkStep(place, step, { removed, parents, givesWay: givingWay(step) });
    if (typeof checked === 'string') refusals.push({ path: step.path, why: checked });
    else bytesNeeded += checked;
  }
  refusals.push(...checkCollisions(place, steps));
  if (refusals.length > 0) throw refuse(refusals);
  const { bavail, bsize } = statfsSync(place.root);
  if (bavail * bsize < bytesNeeded + spareBytes) {
    throw new Failure(
      'no-space',
      `restoring needs ${bytesNeeded} bytes and 1 MB to spare, the disk has ${bavail * bsize}`,
      {
        hint: 'nothing was changed; make room and try again',
      },
    );
  }
}

const spareBytes = 1_048_576;

const outward = 'is a link out of the workspace';

function refuse(refusals: readonly Refusal[]): Failure {
  const [first] = refusals;
  const more = refusals.length > 1 ? ` (and ${refusals.length - 1} more)` : '';
  return new Failure('restore-refused', `${first?.path}: ${first?.why}${more}`, {
    data: { refusals },
    hint: refusals.some(({ why }) => why === outward)
      ? 'nothing was changed; --outside-links makes such links too (outsideLinks in a request)'
      : 'nothing was changed',
  });
}

/** Whether what is seen under a name is another name's file, which is taken away first. */
function openTwins({ folds = false }: RestorePlace, steps: readonly RestoreStep[]) {
  const removals = steps.filter((step) => folds && !step.want).map((step) => step.path);
  const folded = new Set(removals.map(foldName));
  return ({ path, found, want }: RestoreStep): boolean =>
    want !== undefined && found === undefined && folded.has(foldName(path));
}

type Around = {
  readonly removed: ReadonlySet<RawPath>;
  readonly parents: (folder: RawPath) => string | undefined;
  readonly givesWay: boolean;
};

/** Bytes that will be written, or why not. */
function checkStep(
  place: RestorePlace & Asked,
  step: RestoreStep,
  { removed, parents, givesWay }: Around,
): number | string {
  const path = readPath(step.path);
  const unsafe = judgePath(path) ?? parents(folderOf(path));
  if (unsafe !== undefined) return unsafe;
  const found = readVersion(place.root, path);
  if (found.kind === 'other') return `cannot be read (${found.why})`;
  const version = found.kind === 'version' && !givesWay ? found.version : undefined;
  if (isAsWanted(version, step.want)) return 0;
  if (!isSameVersion(version, step.found)) return 'changed since the plan was made';
  if (version?.mode === '040000' && step.want && step.want.mode !== '040000') {
    const left = listLeft(place.root, path, removed);
    if (left !== undefined) return `is a folder now, with ${showPath(left)} in it`;
  }
  if (version !== undefined && version.mode !== '120000') {
    const held = checkReplaceable(place.root, path);
    if (held !== undefined) return held;
  }
  return step.want ? checkWant(place, path, step.want) : 0;
}

function checkWant(
  place: RestorePlace & Asked,
  path: RawPath,
  want: NonNullable<RestoreStep['want']>,
): number | string {
  if (want.mode === '040000') return 0;
  const bytes = place.readBlob(want.oid);
  if (bytes === undefined) return `its bytes (${want.oid}) are missing or damaged`;
  if (want.mode === '120000' && !place.allowsOutsideLinks) {
    if (leavesTree(path, Buffer.from(bytes).toString('latin1'))) return outward;
  }
  return bytes.length;
}

/** Looks at each folder once, however many steps are in it. */
function openParents(root: string, removed: ReadonlySet<RawPath>) {
  const known = new Map<RawPath, string | undefined>();
  return (folder: RawPath): string | undefined => {
    if (!known.has(folder)) known.set(folder, checkParents(root, folder, removed));
    return known.get(folder);
  };
}

/** The folder and each above it must be a real one that we may write, or not there yet, or about to be removed. */
function checkParents(
  root: string,
  folder: RawPath,
  removed: ReadonlySet<RawPath>,
): string | undefined {
  let above = '';
  for (const name of folder === '' ? [] : folder.split('/')) {
    above = joinPath(above, name);
    const seen = readSeen(root, above);
    if (seen === undefined) return checkWritable(root, folderOf(above));
    if (seen.kind === kinds.link && !removed.has(above))
      return `${showPath(above)} is a symbolic link`;
    if (seen.kind !== kinds.folder)
      return removed.has(above) ? undefined : `${showPath(above)} is no folder`;
  }
  return checkWritable(root, above);
}

/** A folder that may be written can still have files in it that nobody, or only their owner, may replace. */
function checkReplaceable(root: string, path: RawPath): string | undefined {
  const file = placeOf(root, path);
  const above = readStat(placeOf(root, folderOf(path)));
  const found = readStat(file);
  const own = process.geteuid?.() ?? 0;
  const isOwned = own === 0 || [found?.uid, above?.uid].includes(BigInt(own));
  if (!isOwned && above !== undefined && (above.mode & stickyBit) !== 0n)
    return 'belongs to somebody else, in a folder where only owners replace files';
  try {
    accessSync(file, constants.W_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    // A file that may not be written may still be replaced by another; an immutable one may not.
    if (code === 'EPERM') return 'is immutable: it can be neither replaced nor removed';
  }
  return undefined;
}

const stickyBit = 0o1000n;

function checkWritable(root: string, folder: RawPath): string | undefined {
  try {
    accessSync(placeOf(root, folder), constants.W_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return `its folder cannot be written (${code})`;
  }
}

/** Something in a folder that is to give way to a file, and that nobody planned to remove. */
function listLeft(
  root: string,
  folder: RawPath,
  removed: ReadonlySet<RawPath>,
): RawPath | undefined {
  for (const name of readdirSync(placeOf(root, folder), 'latin1')) {
    const path = joinPath(folder, name);
    if (removed.has(path) || (isPassedOver(name) && name !== '.git')) continue;
    const isFolder = readSeen(root, path)?.kind === kinds.folder;
    const left = isFolder && name !== '.git' ? listLeft(root, path, removed) : path;
    if (left !== undefined) return left;
  }
  return undefined;
}

/** Two names that a file system takes for one. */
function checkCollisions(
  { folds = false }: RestorePlace,
  steps: readonly RestoreStep[],
): Refusal[] {
  if (!folds) return [];
  const taken = new Map<string, string>();
  const refusals: Refusal[] = [];
  for (const { path, want } of steps) {
    if (!want) continue;
    const folded = foldName(path);
    const other = taken.get(folded);
    if (other !== undefined && other !== path) {
      refusals.push({ path, why: `this file system takes it for ${other}` });
    }
    taken.set(folded, path);
  }
  return refusals;
}
