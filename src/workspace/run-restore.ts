/** The steps of a restore, each looking at the disk first: to run them again after a crash is to go on. */
import { existsSync, renameSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { folderOf, nameOf, type RawPath, readPath } from '../snapshot/raw-path.ts';
import {
  isSameVersion,
  type RestoreReport,
  type RestoreStep,
  type Version,
} from '../snapshot/restore-step.ts';
import type { HeldFolder } from './hold-folder.ts';
import { foldersFor, orderSteps } from './order-restore.ts';
import { placeOf, readStat } from './read-seen.ts';
import { closeFolders, makeFolders } from './restore-folders.ts';
import {
  beginChange,
  checkLead,
  isAsPlanned,
  isAsWanted,
  lacksRightsOnly,
  nameTemp,
  type Outcome,
  type RestoreWork,
  readNow,
  type Stage,
  within,
} from './restore-work.ts';
import { setRights } from './set-rights.ts';
import { stageSteps } from './stage-restore.ts';
import { dropFile, moveToTrash, syncFolder } from './write-file.ts';

export function runRestore(work: RestoreWork, steps: readonly RestoreStep[]): RestoreReport {
  const outcomes = new Map<string, Outcome>();
  const { early, writes, late } = orderSteps(steps, work.folds);
  for (const step of early) outcomes.set(step.path, removeStep(work, step));
  work.failpoint('restore-cleared');
  makeFolders(work, writes);
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
  closeFolders(work, writes, outcomes);
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
  beginChange(work);
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

function placeStep(work: RestoreWork, { step, temp }: Stage): Outcome {
  const path = readPath(step.path);
  return within(work, path, (held) => {
    if (typeof held === 'string') return 'skipped';
    const now = readNow(held, path);
    const staged = placeOf(held.root, temp);
    if (now !== 'other' && isThere(now, step.want)) {
      dropFile(staged);
      return isSameVersion(step.found, step.want) ? 'identical' : 'written';
    }
    if (now === 'other' || !isAsPlanned(now, step)) {
      dropFile(staged);
      return 'skipped';
    }
    const place = placeOf(held.root, nameOf(path));
    return placeFile(work, step.want, { now, staged, place });
  });
}

/** The rights of a folder come last. */
function isThere(now: Version | undefined, want: Version | undefined): boolean {
  return (now?.mode === '040000' && want?.mode === '040000') || isAsWanted(now, want);
}

type Placing = {
  readonly now: Version | undefined;
  readonly staged: string | Buffer;
  readonly place: string | Buffer;
};

function placeFile(
  work: RestoreWork,
  want: Version | undefined,
  { now, staged, place }: Placing,
): Outcome {
  if (want && lacksRightsOnly(place, now, want)) {
    beginChange(work);
    work.failpoint('restore-placing');
    return setRights(place, want) ? 'written' : 'skipped';
  }
  if (readStat(staged) === undefined) return 'skipped';
  checkLead(work);
  if (now?.mode === '040000') {
    beginChange(work);
    if (!dropFolder(place)) {
      dropFile(staged);
      return 'skipped';
    }
  }
  work.failpoint('restore-placing');
  renameSync(staged, place);
  work.trail.isChanged = true;
  return 'written';
}

/** The trash first: at no moment may a power cut find a file in neither place. */
function syncFolders(work: RestoreWork, steps: readonly RestoreStep[]): void {
  const trash = join(work.trash, work.id);
  for (const folder of existsSync(trash) ? [trash, work.trash] : []) syncFolder(folder);
  for (const folder of listChanged(work, steps)) {
    const held = work.holding.hold(folder);
    if (typeof held !== 'string') work.crew.take(held.open());
  }
  work.crew.finish();
}

/** Folders with other names in them than before; after a crash nobody knows which were only just made. */
function listChanged(work: RestoreWork, steps: readonly RestoreStep[]): Set<RawPath> {
  const made = work.isAgain
    ? steps.flatMap((step) => foldersFor(step).map(readPath))
    : work.trail.folders;
  return new Set([...steps.map((step) => readPath(step.path)), ...made].map(folderOf));
}
