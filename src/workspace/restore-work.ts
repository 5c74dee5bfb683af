/** What the parts of a restore have in common: their ports, and how they look at the disk. */
import { Failure } from '../errors.ts';
import { folderOf, nameOf, type RawPath, showPath } from '../snapshot/raw-path.ts';
import {
  isSameContent,
  isSameVersion,
  type RestoreStep,
  type Version,
} from '../snapshot/restore-step.ts';
import type { RestorePlace } from './check-restore.ts';
import type { HeldFolder, Hold, Holding } from './hold-folder.ts';
import type { SyncCrew } from './open-sync-crew.ts';
import { readStat } from './read-seen.ts';
import { readVersion } from './read-version.ts';
import { wantedRights } from './set-rights.ts';

export type RestoreWork = RestorePlace & {
  readonly id: string;
  readonly trash: string;
  /** Number of a step in its intent: under it the trash keeps what the step took away. */
  readonly numberOf: (step: RestoreStep) => number;
  readonly failpoint: (name: string) => void;
  /** Whether this process still leads the workspace; asked before each step that can be seen. */
  readonly holds: () => boolean;
  readonly trail: Trail;
  /** An earlier process may have done any part of it. */
  readonly isAgain: boolean;
  readonly holding: Holding;
  readonly crew: SyncCrew;
  /** Folders that were not there when it began, and whose rights are known. */
  readonly making: ReadonlyMap<RawPath, number>;
};

/** What has been done so far, for whoever has to take it back. */
export type Trail = {
  /** A file was moved, removed or put in its place. */
  isChanged: boolean;
  /** Folders made; nobody has synced what they are in. */
  readonly folders: RawPath[];
};

export type Outcome = 'written' | 'removed' | 'identical' | 'skipped';

/** A step, and the name beside its file under which the new bytes wait. */
export type Stage = { readonly step: RestoreStep; readonly temp: string };

export function nameTemp(work: RestoreWork, place: number): string {
  return `.clew-restore-${work.id}-${place}`;
}

/** Does something inside the folder of a path, holding it. */
export function within<T>(work: RestoreWork, path: RawPath, act: (held: Hold) => T): T {
  try {
    return act(work.holding.hold(folderOf(path)));
  } catch (error) {
    throw nameOwn(error, path);
  }
}

/** A folder held by its number, and a file under the name that it waits under: no names for people. */
function nameOwn(error: unknown, path: RawPath): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code === undefined || syscall === undefined) return error;
  const shown = showPath(path);
  const message = `${code}: ${syscall} was refused for ${shown}`;
  return Object.assign(new Error(message, { cause: error }), { code, syscall, path: shown });
}

/** Before each that can be seen. */
export function beginChange(work: RestoreWork): void {
  checkLead(work);
  work.trail.isChanged = true;
}

export function checkLead(work: RestoreWork): void {
  if (!work.holds()) {
    throw new Failure('busy', 'another process has taken over this workspace', {
      hint: 'it finishes the restore; look at its result before trying again',
    });
  }
}

export function readNow(held: HeldFolder, path: RawPath): Version | 'other' | undefined {
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

/** The disk is as the plan said, or the way was cleared before a crash. */
export function isAsPlanned(now: Version | undefined, step: RestoreStep): boolean {
  return isSameVersion(now, step.found) || (now === undefined && step.found?.mode === '040000');
}

/** As far as a restore can bring it back. */
export function isAsWanted(now: Version | undefined, want: Version | undefined): boolean {
  if (!isSameContent(now, want)) return false;
  const wanted = want && wantedRights(want);
  if (wanted === undefined || typeof now?.rights !== 'number') return true;
  // What a folder inherited is nobody's concern here.
  return (want?.mode === '040000' ? now.rights & 0o1777 : now.rights) === wanted;
}

/** Then the file itself can stay. Under another name too, it may be somebody else's as well. */
export function lacksRightsOnly(
  place: string | Buffer,
  now: Version | undefined,
  want: Version,
): boolean {
  const isFile = [now, want].every((it) => it?.mode.startsWith('100'));
  if (!isFile || now?.oid !== want.oid || typeof want.rights !== 'number') return false;
  return readStat(place)?.nlink === 1n;
}
