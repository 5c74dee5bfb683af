/** The first half of a restore: the new bytes of each file on the disk, under another name beside it. */
import { symlinkSync } from 'node:fs';
import { Failure } from '../errors.ts';
import { nameOf, readPath } from '../snapshot/raw-path.ts';
import type { RestoreStep } from '../snapshot/restore-step.ts';
import { placeOf } from './read-seen.ts';
import {
  isAsPlanned,
  isAsWanted,
  lacksRightsOnly,
  nameTemp,
  type RestoreWork,
  readNow,
  type Stage,
  within,
} from './restore-work.ts';
import { rightsFor } from './set-rights.ts';
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
    // The first time all was looked at just before; what changed since is seen when it is put in its place.
    const now = work.isAgain ? readNow(held, path) : step.found;
    if (now === 'other' || isAsWanted(now, want) || !isAsPlanned(now, step)) return undefined;
    const there = placeOf(held.root, nameOf(path));
    if (lacksRightsOnly(there, now, want)) return undefined;
    const bytes = work.readBlob(want.oid);
    if (bytes === undefined) {
      throw new Failure('damaged', `the bytes of ${step.path} (${want.oid}) went missing`, {
        data: { path: step.path, oid: want.oid },
        hint: 'the disk may be failing, or the store was changed by hand',
      });
    }
    if (want.mode === '120000') symlinkSync(Buffer.from(bytes), place);
    const fd =
      want.mode === '120000' ? undefined : writeBegun(place, bytes, rightsFor(there, want));
    work.failpoint('restore-staging');
    return fd;
  });
}
