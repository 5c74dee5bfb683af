/** Notes of what a look finds changed when it was last touched: before some act of that time had begun, or after all had. */
import { folderOf, type RawPath, showPath } from '../snapshot/raw-path.ts';
import type { Reading, WorkspacePort } from '../snapshot/workspace-port.ts';
import type { Act } from '../undo/act.ts';
import type { Early } from '../undo/bouts.ts';

export type EarlyNotes = {
  /** `isSameFile`: nothing was put in its place; then its own time tells all. */
  note(path: RawPath, reading: Reading, isSameFile: boolean): void;
  list(): Early;
};

/** A checkout in between, not somebody's typing: then nobody is acquitted. */
const earlyLimit = 1_000;
const secondNs = 1_000_000_000n;
/** Some file systems know whole seconds only, or every second one. */
const coarseNs = 2n * secondNs;

/** Undefined where nothing could come of it. The change time alone is asked: no program can set that back. */
export function openEarly(
  workspace: WorkspacePort,
  acts: readonly Act[] | undefined,
): EarlyNotes | undefined {
  const limitMs = Math.max(0, ...(acts ?? []).map(({ since = 0 }) => since));
  if (limitMs === 0 || !workspace.isStampedHere()) return undefined;
  const limitNs = BigInt(limitMs) * 1_000_000n;
  const found = new Map<RawPath, Touched>();

  const touchedNs = (reading: Reading): bigint => {
    if (!('seen' in reading)) return limitNs;
    const { ctime } = reading.seen;
    return ctime % secondNs === 0n ? ctime + coarseNs : ctime;
  };

  /** What came with a folder that was moved has its old times; so has what is put back. */
  function latestNs(path: RawPath, reading: Reading, isSameFile: boolean): bigint {
    if (reading.kind === 'gone') return whenGone(path);
    let latest = touchedNs(reading);
    if (isSameFile) return latest;
    for (let at = folderOf(path); at !== '' && latest < limitNs; at = folderOf(at)) {
      const above = touchedNs(workspace.read(at, -1));
      if (above > latest) latest = above;
    }
    return latest;
  }

  /** The folder that it was in tells: the nearest that is still there. */
  function whenGone(path: RawPath): bigint {
    for (let at = path; at !== ''; ) {
      at = folderOf(at);
      const above = workspace.read(at, -1);
      if (above.kind !== 'gone') return touchedNs(above);
    }
    return limitNs;
  }

  /** Its own time alone: what it came with may have been touched for another's sake. Undefined where that is too coarse to tell. */
  function earliestNs(reading: Reading): bigint | undefined {
    if (!('seen' in reading)) return undefined;
    const { ctime } = reading.seen;
    return ctime < limitNs || ctime % secondNs === 0n ? undefined : ctime;
  }

  return {
    note(path, reading, isSameFile) {
      if (found.size > earlyLimit) return;
      found.delete(path);
      const latest = latestNs(path, reading, isSameFile);
      const earliest = earliestNs(reading);
      if (latest < limitNs) found.set(path, [toMs(latest)]);
      else if (earliest !== undefined) found.set(path, [toMs(earliest), 'at-least']);
    },
    list: () =>
      found.size > earlyLimit ? [] : [...found].map(([path, at]) => [showPath(path), ...at]),
  };
}

type Touched = readonly [atMs: number, bound?: 'at-least'];

function toMs(ns: bigint): number {
  return Number(ns / 1_000_000n);
}
