/** The first half of a restore: the new bytes of each file on the disk, under another name beside it. */
import { symlinkSync } from 'node:fs';
import { Failure } from '../errors.ts';
import { nameOf, type RawPath, readPath } from '../snapshot/raw-path.ts';
import { isSameVersion, type RestoreStep, type Version } from '../snapshot/restore-step.ts';
import type { HeldFolder } from './hold-folder.ts';
import { placeOf, readStat } from './read-seen.ts';
import {
  isAsPlanned,
  nameTemp,
  type RestoreWork,
  readNow,
  type Stage,
  within,
} from './restore-work.ts';
import { dropFile, writeBegun } from './write-file.ts';

export function stageSteps(work: RestoreWork, writes: readonly RestoreStep[]): void {
  for (const [place, step] of writes.entries()) {
    const fd = stageStep(work, { step, temp: nameTemp(work, place) });
    if (fd !== undefined) work.crew.take(fd);
  }
  work.crew.finish();
}

/** Answers the open file, when one was written. */
function stageStep(work: RestoreWork, { step, temp }: Stage): number | undefined {
  const path = readPath(step.path);
  const { want } = step;
  return within(work, path, (held) => {
    if (typeof held === 'string' || !want || want.mode === '040000') return undefined;
    const place = placeOf(held.root, temp);
    dropFile(place);
    if (!isToStage(work, held, step)) return undefined;
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
    work.failpoint('restore-staging');
    return fd;
  });
}

/**
 * The first time all was looked at just before; what changed since is seen when the file is put in its place,
 * and what was staged for it is dropped.
 */
function isToStage(work: RestoreWork, held: HeldFolder, step: RestoreStep): boolean {
  if (!work.isAgain) return !isSameVersion(step.found, step.want);
  const now = readNow(held, readPath(step.path));
  return now !== 'other' && !isSameVersion(now, step.want) && isAsPlanned(now, step);
}

/** Permissions that are there stay as they are, but for the right to run. */
function modeFor(held: HeldFolder, path: RawPath, want: Version): number {
  const stat = readStat(placeOf(held.root, nameOf(path)));
  const now = stat?.isFile() ? Number(stat.mode) & 0o777 : 0o666 & ~process.umask();
  return want.mode === '100755' ? now | ((now & 0o444) >> 2) : now & ~0o111;
}
