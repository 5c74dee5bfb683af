/** The folders of a restore: made before anything is put into them, and given their rights when all is in them. */
import { nameOf, type RawPath, readPath, showPath } from '../snapshot/raw-path.ts';
import type { RestoreStep, Version } from '../snapshot/restore-step.ts';
import { kinds } from '../snapshot/table.ts';
import { foldersFor } from './order-restore.ts';
import { placeOf, readSeen, readStat } from './read-seen.ts';
import {
  beginChange,
  isAsWanted,
  type Outcome,
  type RestoreWork,
  readNow,
  within,
} from './restore-work.ts';
import { makeFolder, setRights } from './set-rights.ts';

export function makeFolders(work: RestoreWork, writes: readonly RestoreStep[]): void {
  const seen = new Set<RawPath>();
  for (const [path, rights] of writes.flatMap(listFolders)) {
    if (seen.has(path)) continue;
    seen.add(path);
    within(work, path, (held) => {
      if (typeof held === 'string') return;
      const place = placeOf(held.root, nameOf(path));
      // Somebody else may make it at the same moment: what it is by then is looked at before anything is put in it.
      const isMade = readStat(place) === undefined && makeFolder(place, rights);
      if (isMade) work.trail.folders.push(path);
    });
  }
}

/** Those that a step needs, the highest first, with their rights where they are told. */
function listFolders(step: RestoreStep): [RawPath, Version['rights']][] {
  const { above = [], mode, rights } = step.want ?? {};
  return foldersFor(step)
    .reverse()
    .map((shown, level) => {
      const isOwn = mode === '040000' && shown === step.path;
      return [readPath(shown), isOwn ? rights : above[level]];
    });
}

/** Told before it begins, since a folder that is there after a crash does not say who made it. */
export function planMaking(root: string, steps: readonly RestoreStep[]): Map<RawPath, number> {
  const making = new Map<RawPath, number>();
  for (const step of steps) {
    if (!step.want) continue;
    for (const [path, rights] of listFolders(step)) {
      if (typeof rights !== 'number' || making.has(path)) continue;
      if (readSeen(root, path)?.kind !== kinds.folder) making.set(path, rights);
    }
  }
  return making;
}

/** Last of all, the deepest first: into a folder without its owner's rights nothing could be put. */
export function closeFolders(
  work: RestoreWork,
  writes: readonly RestoreStep[],
  outcomes: Map<string, Outcome>,
): void {
  const closing = new Map(work.making);
  for (const { path, want } of writes)
    if (want?.mode === '040000' && typeof want.rights === 'number')
      closing.set(readPath(path), want.rights);
  const deepestFirst = [...closing].sort(([one], [other]) => (one < other ? 1 : -1));
  for (const [path, rights] of deepestFirst) {
    within(work, path, (held) => {
      if (typeof held === 'string') return;
      const now = readNow(held, path);
      const want = { mode: '040000', oid: '', rights } as const;
      if (now === 'other' || now?.mode !== '040000' || isAsWanted(now, want)) return;
      beginChange(work);
      work.failpoint('restore-closing');
      const isSet = setRights(placeOf(held.root, nameOf(path)), want);
      const shown = showPath(path);
      if (outcomes.has(shown)) outcomes.set(shown, isSet ? 'written' : 'skipped');
    });
  }
}
