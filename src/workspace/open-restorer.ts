/** Carries out restores so that a crash at any moment leaves the way forward: checks, intent, steps, record. */
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Failure } from '../errors.ts';
import { readPath, showPath } from '../snapshot/raw-path.ts';
import type { RestoreReport, RestoreStep } from '../snapshot/restore-step.ts';
import { tellDisk } from '../snapshot/tell-disk.ts';
import { checkRestore, type RestorePlace } from './check-restore.ts';
import { type Cleared, clearRestores } from './clear-restores.ts';
import { foldsNames } from './fold-names.ts';
import { openHolding } from './hold-folder.ts';
import { type Intent, openIntents } from './open-intents.ts';
import { openSyncCrew, type SyncCrew } from './open-sync-crew.ts';
import { planMaking } from './restore-folders.ts';
import type { RestoreWork } from './restore-work.ts';
import { clearStage, runRestore } from './run-restore.ts';
import { syncFolder } from './write-file.ts';

export type Restorer = {
  /** All checks first; what a crash then interrupts is finished by `rollForward`. */
  apply(id: string, steps: readonly RestoreStep[], allowsOutsideLinks?: boolean): RestoreReport;
  /** Finishes what a dead process began; what cannot be finished now says why, and stays to be tried again. */
  rollForward(): RestoreReport[];
  /** The same before another restore: what lacks bytes is given up, so that it does not stand in the way. */
  settle(): RestoreReport[];
  /** Blobs that restores still to be finished will need. */
  listNeeded(): string[];
  /** Forgets the records and empties the trash of restores made before then (milliseconds since 1970). */
  clear(before: number): Cleared;
};

export type RestorerPlace = RestorePlace & {
  /** In the state folder: intents, their records, and the trash. */
  readonly folder: string;
  readonly failpoint?: (name: string) => void;
  /** Whether this process still leads the workspace. */
  readonly holds?: () => boolean;
  /** Who brings so many files to the disk. */
  readonly openCrew?: (files: number) => SyncCrew;
};

export function openRestorer(given: RestorerPlace): Restorer {
  const place = { ...given, folds: given.folds ?? foldsNames(given.root) };
  const { folder, failpoint = () => {}, holds = () => true, openCrew = openSyncCrew } = place;
  const trash = join(folder, 'trash');
  makeTrash(trash);
  const intents = openIntents(folder, place.root);

  function workOf(intent: Intent, isAgain: boolean): RestoreWork {
    const numbers = new Map(intent.steps.map((step, number) => [step, number]));
    const numberOf = (step: RestoreStep) => numbers.get(step) ?? -1;
    const trail = { isChanged: false, folders: [] };
    const folds = intent.folds ?? place.folds;
    const holding = openHolding(place.root);
    const crew = openCrew(intent.steps.length);
    const readBlob = rememberBlobs(place.readBlob);
    return {
      ...place,
      readBlob,
      folds,
      id: intent.id,
      trash,
      numberOf,
      failpoint,
      holds,
      trail,
      isAgain,
      holding,
      crew,
      making: makingOf(intent),
    };
  }

  function run(intent: Intent, work: RestoreWork): RestoreReport {
    const report = runRestore(work, intent.steps);
    failpoint('restore-done');
    intents.markDone(intent.id);
    return report;
  }

  function carryOut(intent: Intent, work: RestoreWork): RestoreReport {
    try {
      intents.write(intent);
      failpoint('restore-intended');
      return run(intent, work);
    } catch (error) {
      throw giveUp(intent, work, error);
    }
  }

  /** What could not be finished: taken back while nobody could see it, else left to be rolled forward. */
  function giveUp(intent: Intent, work: RestoreWork, error: unknown): unknown {
    const what = `restore ${intent.id} failed`;
    const isBack = holds() && !work.trail.isChanged && takeBack(intent, work);
    if (isBack) return tellDisk(error, what, 'nothing was changed');
    return tellDisk(error, what, 'it is half done, and finished at the next opening or restore');
  }

  /** Where even that is refused, the intent stays. */
  function takeBack(intent: Intent, work: RestoreWork): boolean {
    try {
      clearStage(work, intent.steps);
      intents.drop(intent.id);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === undefined) throw error;
      return false;
    }
  }

  function check(
    place: RestorePlace,
    steps: readonly RestoreStep[],
    allowsOutsideLinks: boolean,
  ): Pick<Intent, 'making'> {
    try {
      checkRestore({ ...place, allowsOutsideLinks }, steps);
      const making = planMaking(place.root, steps);
      return making.size === 0
        ? {}
        : { making: [...making].map(([path, rights]) => [showPath(path), rights]) };
    } catch (error) {
      throw tellDisk(error, 'the restore was not begun', 'nothing was changed');
    }
  }

  function finish(intent: Intent, isLastTry: boolean): RestoreReport {
    const work = workOf(intent, true);
    try {
      return run(intent, work);
    } catch (error) {
      const told = tellDisk(error, `restore ${intent.id} cannot be finished`, 'it is half done');
      if (!(told instanceof Failure) || told.code === 'busy') throw told;
      const isAbandoned = isLastTry && told.code === 'damaged';
      if (isAbandoned) intents.setAside(intent.id);
      return {
        id: intent.id,
        written: [],
        removed: [],
        identical: [],
        skipped: [],
        unfinished: told.message,
        ...(isAbandoned ? { isAbandoned } : {}),
      };
    } finally {
      letGo(work);
    }
  }

  return {
    apply(id, steps, allowsOutsideLinks = false) {
      if (intents.isDone(id, steps)) return reportDone(id, steps);
      const asked = intents.draft(id, place.folds, steps);
      // Its helper starts up while all is checked.
      const work = workOf(asked, false);
      try {
        const intent = { ...asked, ...check(work, steps, allowsOutsideLinks) };
        failpoint('restore-checked');
        return carryOut(intent, { ...work, making: makingOf(intent) });
      } finally {
        letGo(work);
      }
    },
    rollForward: () => intents.list().map((intent) => finish(intent, false)),
    settle: () => intents.list().map((intent) => finish(intent, true)),
    listNeeded: () =>
      intents
        .list()
        .flatMap(({ steps }) => steps.flatMap(({ want }) => (want?.oid ? [want.oid] : []))),
    clear: (before) => clearRestores(folder, before),
  };
}

function makingOf({ making }: Intent): RestoreWork['making'] {
  return new Map(making?.map(([path, rights]) => [readPath(path), rights]));
}

const rememberedBytes = 16 << 20;

/** What the checks have read is wanted once more right after them; of much, only the first is kept. */
function rememberBlobs(readBlob: RestorePlace['readBlob']): RestorePlace['readBlob'] {
  const known = new Map<string, Uint8Array>();
  let left = rememberedBytes;
  return (oid) => {
    const bytes = known.get(oid) ?? readBlob(oid);
    if (bytes === undefined || left < bytes.length || known.has(oid)) return bytes;
    left -= bytes.length;
    known.set(oid, bytes);
    return bytes;
  };
}

function letGo({ holding, crew }: RestoreWork): void {
  crew.close();
  holding.close();
}

function reportDone(id: string, steps: readonly RestoreStep[]): RestoreReport {
  const identical = steps.map((step) => step.path);
  return { id, written: [], removed: [], identical, skipped: [] };
}

function makeTrash(trash: string): void {
  const made = mkdirSync(trash, { recursive: true, mode: 0o700 });
  if (made === undefined) return;
  for (let at = dirname(trash); ; at = dirname(at)) {
    syncFolder(at);
    if (at === dirname(made) || at === dirname(at)) return;
  }
}
