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
import { dropFile, hurryFile, settleFiles, writeBegun } from './write-file.ts';

/** Files open at the same time, while they are on their way to the disk. */
const filesAtOnce = 64;

export function stageSteps(work: RestoreWork, writes: readonly RestoreStep[]): void {
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
