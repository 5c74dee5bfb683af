/** Carries out what a person decided about a session whose ground has moved. */
import type { DriftResolved, FileDrift, Ground } from '../contract/types.gen.ts';
import { type KnownFile, renewFiles, type SessionGround } from './ground.ts';
import { writeReread } from './write-context.ts';

export type Decision = {
  readonly how: Exclude<DriftResolved['how'], 'returned'>;
  /** Where the repository is, and how many events it has told of. */
  readonly ground: Ground;
  readonly count: number;
  blobOf(path: string): string | null | undefined;
};

export type Resolved = { readonly kept: SessionGround; readonly event: DriftResolved };

/** Why it makes no sense, or what comes of it. */
export function resolveDrift(
  kept: SessionGround,
  decision: Decision,
): Resolved | { readonly refused: string } {
  const { how, ground, count, blobOf } = decision;
  const { open, owed: _owed, ...rest } = kept;
  const before = open?.before ?? kept.ground;
  const files = open?.files ?? [];
  if (ground.operation !== undefined && how !== 'ignore')
    return { refused: `a ${ground.operation} is going on: decide when it has ended` };
  if (how === 'fork') {
    if (ground.branch === undefined)
      return { refused: 'HEAD is detached: there is no branch to fork to' };
    if (ground.branch === before.branch)
      return { refused: `it is on ${ground.branch} already: there is no other branch to fork to` };
  }
  const event: DriftResolved = {
    type: 'drift-resolved',
    ...(open === undefined ? {} : { drift: open.drift }),
    ...{ how, before, after: ground, files: [...files] },
  };
  const here = { ...rest, ground, count };
  if (how === 'ignore') return { kept: here, event };
  if (how === 'rebuild') {
    const stale = new Set(files.map((it) => it.path));
    const left = kept.files.filter(([path]) => !stale.has(path));
    return { kept: { ...here, files: left, owed: writeReread(ground, files) }, event };
  }
  return { kept: { ...here, files: renewFiles(kept.files, blobOf) }, event };
}

/** What to read again, for who rebuilds a context: what is gone cannot be. */
export const listReread = (files: readonly FileDrift[]) =>
  files.filter((it) => it.now !== 'removed').map((it) => it.path);

/** Whether everything is as it was before the alert, so that it says nothing any more. */
export function hasReturned(
  { open, ground }: SessionGround,
  blobOf: (path: string) => string | null | undefined,
): boolean {
  if (open === undefined) return false;
  const { before, was } = open;
  const isThere = before.branch === ground.branch && before.head === ground.head;
  const isSame = ([path, { blob }]: readonly [string, KnownFile]) => blobOf(path) === blob;
  return isThere && was.every(isSame);
}
