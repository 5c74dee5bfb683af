/** The steps of a restore, each looking at the disk first: to run them again after a crash is to go on. */
import { existsSync, mkdirSync, renameSync, rmdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../errors.ts';
import { folderOf, nameOf, type RawPath, readPath, showPath } from '../snapshot/raw-path.ts';
import {
  isSameVersion,
  type RestoreReport,
  type RestoreStep,
  type Version,
} from '../snapshot/restore-step.ts';
import type { RestorePlace } from './check-restore.ts';
import { type HeldFolder, type Hold, holdFolder } from './hold-folder.ts';
import { placeOf, readStat } from './read-seen.ts';
import { readVersion } from './read-version.ts';
import {
  dropFile,
  hurryFile,
  moveToTrash,
  settleFiles,
  syncFolder,
  writeBegun,
} from './write-file.ts';

export type RestoreWork = RestorePlace & {
  readonly id: string;
  readonly trash: string;
  /** Number of a step in its intent: under it the trash keeps what the step took away. */
  readonly numberOf: (step: RestoreStep) => number;
  readonly failpoint: (name: string) => void;
  /** Whether this process still leads the workspace; asked before each step that can be seen. */
  readonly holds: () => boolean;
  readonly trail: Trail;
};

/** What has been done so far, for whoever has to take it back. */
export type Trail = {
  /** A file was moved, removed or put in its place. */
  isChanged: boolean;
  readonly folders: RawPath[];
};

type Outcome = 'written' | 'removed' | 'identical' | 'skipped';

export function runRestore(work: RestoreWork, steps: readonly RestoreStep[]): RestoreReport {
  const outcomes = new Map<string, Outcome>();
  const { early, writes, late } = orderSteps(steps);
  for (const step of early) outcomes.set(step.path, removeStep(work, step));
  work.failpoint('restore-cleared');
  for (const step of writes) makeFolders(work, step);
  work.failpoint('restore-foldered');
  stageSteps(work, writes);
  work.failpoint('restore-staged');
  writes.forEach((step, place) => {
    outcomes.set(step.path, placeStep(work, { step, temp: nameTemp(work, place) }));
    work.failpoint('restore-placed');
  });
  syncFolders(work, [...early, ...writes]);
  for (const step of late) outcomes.set(step.path, removeStep(work, step));
  syncFolders(work, late);
  return reportOf(work.id, outcomes);
}

/** Takes back what nobody could see yet. */
export function clearStage(work: RestoreWork, steps: readonly RestoreStep[]): void {
  orderSteps(steps).writes.forEach((step, place) => {
    within(work, readPath(step.path), (held) => {
      if (typeof held !== 'string') dropFile(placeOf(held.root, nameTemp(work, place)));
    });
  });
  for (const path of [...work.trail.folders].reverse()) {
    within(work, path, (held) => {
      if (typeof held !== 'string') dropFolder(placeOf(held.root, nameOf(path)));
    });
  }
}

function begin(work: RestoreWork): void {
  if (!work.holds()) {
    throw new Failure('busy', 'another process has taken over this workspace', {
      hint: 'it finishes the restore; look at its result before trying again',
    });
  }
  work.trail.isChanged = true;
}

function reportOf(id: string, outcomes: ReadonlyMap<string, Outcome>): RestoreReport {
  const pick = (wanted: Outcome) =>
    [...outcomes].filter(([, outcome]) => outcome === wanted).map(([path]) => path);
  return {
    id,
    written: pick('written'),
    removed: pick('removed'),
    identical: pick('identical'),
    skipped: pick('skipped'),
  };
}

/** What stands in the way of a write goes first; all other removals last, the deepest first. */
function orderSteps(steps: readonly RestoreStep[]) {
  const writes = steps.filter((step) => step.want).sort((a, b) => (a.path < b.path ? -1 : 1));
  const removals = steps.filter((step) => !step.want).sort((a, b) => (a.path < b.path ? 1 : -1));
  const above = new Set(writes.flatMap((step) => foldersFor(step)));
  const giveWay = new Set(
    writes
      .filter((step) => step.found?.mode === '040000' && step.want?.mode !== '040000')
      .map((step) => step.path),
  );
  const isEarly = (step: RestoreStep) =>
    above.has(step.path) || foldersAbove(step.path).some((folder) => giveWay.has(folder));
  return {
    writes,
    early: removals.filter(isEarly),
    late: removals.filter((step) => !isEarly(step)),
  };
}

function foldersAbove(path: string): string[] {
  const found: string[] = [];
  for (let at = folderOf(path); at !== ''; at = folderOf(at)) found.push(at);
  return found;
}

/** Folders that must be there for a step, the highest last. */
function foldersFor(step: RestoreStep): string[] {
  const above = foldersAbove(step.path);
  return step.want?.mode === '040000' ? [step.path, ...above] : above;
}

function nameTemp(work: RestoreWork, place: number): string {
  return `.clew-restore-${work.id}-${place}`;
}

/** Does something inside the folder of a path, holding it. */
function within<T>(work: RestoreWork, path: RawPath, act: (held: Hold) => T): T {
  const held = holdFolder(work.root, folderOf(path));
  try {
    return act(held);
  } finally {
    if (typeof held !== 'string') held.close();
  }
}

function readNow(held: HeldFolder, path: RawPath): Version | 'other' | undefined {
  const found = readVersion(held.root, nameOf(path));
  if (found.kind === 'other' && /^E[A-Z]+$/.test(found.why)) throw refuseUnread(path, found.why);
  if (found.kind === 'other') return 'other';
  return found.kind === 'version' ? found.version : undefined;
}

/** Not somebody's change, but a disk that cannot say: tried again later, not passed over. */
function refuseUnread(path: RawPath, code: string): Error {
  const shown = showPath(path);
  return Object.assign(new Error(`${code}: ${shown} cannot be read`), { code, path: shown });
}

function removeStep(work: RestoreWork, step: RestoreStep): Outcome {
  const path = readPath(step.path);
  return within(work, path, (held) => {
    if (held === 'elsewhere') return 'skipped';
    const now = held === 'nothing' ? undefined : readNow(held, path);
    if (held === 'nothing' || now === undefined) return 'removed';
    return now === 'other' ? 'skipped' : removeNow(work, step, { held, now });
  });
}

function removeNow(
  work: RestoreWork,
  step: RestoreStep,
  { held, now }: { held: HeldFolder; now: Version },
): Outcome {
  // A folder where a file was: the file is gone, and what it stood in the way of has been made.
  if (now.mode === '040000' && step.found?.mode !== '040000') return 'removed';
  if (!isSameVersion(now, step.found)) return 'skipped';
  work.failpoint('restore-removing');
  begin(work);
  const place = placeOf(held.root, nameOf(readPath(step.path)));
  if (now.mode === '040000') return dropFolder(place) ? 'removed' : 'skipped';
  moveToTrash(place, join(work.trash, work.id), work.numberOf(step));
  work.failpoint('restore-removed');
  return 'removed';
}

/** A folder with anything in it stays. */
function dropFolder(place: string | Buffer): boolean {
  try {
    rmdirSync(place);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST' && code !== 'ENOENT') throw error;
    return code === 'ENOENT';
  }
}

function makeFolders(work: RestoreWork, step: RestoreStep): void {
  for (const folder of foldersFor(step).reverse()) {
    const path = readPath(folder);
    within(work, path, (held) => {
      if (typeof held === 'string') return;
      const place = placeOf(held.root, nameOf(path));
      if (readStat(place) !== undefined) return;
      if (makeFolder(place)) work.trail.folders.push(path);
      held.sync();
    });
  }
}

/** Somebody else may make it at the same moment; what it is by then is looked at before anything is put in it. */
function makeFolder(place: string | Buffer): boolean {
  try {
    mkdirSync(place);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  }
}

type Stage = { readonly step: RestoreStep; readonly temp: string };

/** The disk is as the plan said, or the way was cleared before a crash. */
function isAsPlanned(now: Version | undefined, step: RestoreStep): boolean {
  return isSameVersion(now, step.found) || (now === undefined && step.found?.mode === '040000');
}

/** Files open at the same time, while they are on their way to the disk. */
const filesAtOnce = 64;

function stageSteps(work: RestoreWork, writes: readonly RestoreStep[]): void {
  let open: number[] = [];
  try {
    for (const [place, step] of writes.entries()) {
      const fd = stageStep(work, { step, temp: nameTemp(work, place) });
      if (fd !== undefined) open.push(fd);
      if (open.length < filesAtOnce) continue;
      const full = open;
      open = [];
      settleFiles(full);
    }
  } finally {
    settleFiles(open);
  }
}

/** Answers the open file, when one was written. */
function stageStep(work: RestoreWork, { step, temp }: Stage): number | undefined {
  const path = readPath(step.path);
  const { want } = step;
  return within(work, path, (held) => {
    if (typeof held === 'string' || !want || want.mode === '040000') return undefined;
    const place = placeOf(held.root, temp);
    dropFile(place);
    const now = readNow(held, path);
    if (now === 'other' || isSameVersion(now, want) || !isAsPlanned(now, step)) return undefined;
    const bytes = work.readBlob(want.oid);
    if (bytes === undefined) {
      throw new Failure('damaged', `the bytes of ${step.path} (${want.oid}) went missing`, {
        data: { path: step.path, oid: want.oid },
        hint: 'the disk may be failing, or the store was changed by hand',
      });
    }
    if (want.mode === '120000') symlinkSync(Buffer.from(bytes), place);
    const fd =
      want.mode === '120000' ? undefined : writeBegun(place, bytes, modeFor(held, path, want));
    if (fd !== undefined) hurryFile(place);
    work.failpoint('restore-staging');
    return fd;
  });
}

/** Permissions that are there stay as they are, but for the right to run. */
function modeFor(held: HeldFolder, path: RawPath, want: Version): number {
  const stat = readStat(placeOf(held.root, nameOf(path)));
  const now = stat?.isFile() ? Number(stat.mode) & 0o777 : 0o666 & ~process.umask();
  return want.mode === '100755' ? now | ((now & 0o444) >> 2) : now & ~0o111;
}

function placeStep(work: RestoreWork, { step, temp }: Stage): Outcome {
  const path = readPath(step.path);
  return within(work, path, (held) => {
    if (typeof held === 'string') return 'skipped';
    const now = readNow(held, path);
    if (now !== 'other' && isSameVersion(now, step.want)) {
      dropFile(placeOf(held.root, temp));
      return isSameVersion(step.found, step.want) ? 'identical' : 'written';
    }
    const staged = placeOf(held.root, temp);
    const place = placeOf(held.root, nameOf(path));
    const isFree = now !== 'other' && isAsPlanned(now, step) && readStat(staged) !== undefined;
    if (isFree) begin(work);
    if (!isFree || (now?.mode === '040000' && !dropFolder(place))) {
      dropFile(staged);
      return 'skipped';
    }
    work.failpoint('restore-placing');
    renameSync(staged, place);
    return 'written';
  });
}

/** The trash first: at no moment may a power cut find a file in neither place. */
function syncFolders(work: RestoreWork, steps: readonly RestoreStep[]): void {
  const trash = join(work.trash, work.id);
  for (const folder of existsSync(trash) ? [trash, work.trash] : []) syncFolder(folder);
  for (const folder of new Set(steps.map((step) => folderOf(readPath(step.path))))) {
    const held = holdFolder(work.root, folder);
    if (typeof held === 'string') continue;
    try {
      held.sync();
    } finally {
      held.close();
    }
  }
}
