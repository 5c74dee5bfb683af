/** The ground that a session stands on: where its repository was when it last looked, and the files it knows there. */
import type { FileDrift, FoundDrift, Ground } from '../contract/types.gen.ts';
import { readJson } from '../journal/json.ts';

/** A file that a session has read or edited, and what it was when that was last in order. */
export type KnownFile = {
  readonly known: FileDrift['known'];
  /** Git blob id; null: it was not there. */
  readonly blob: string | null;
};

/** What is kept of a session between its prompts, and for its next run. Plain JSON. */
export type SessionGround = {
  readonly v: 1;
  readonly session: string;
  readonly agentSession: string;
  /** What hooks behind its agent know it by. */
  readonly run: string;
  readonly ground: Ground;
  /** How many events its repository had told of then. */
  readonly count: number;
  readonly files: readonly (readonly [path: string, file: KnownFile])[];
  /** An alert that nobody has resolved. */
  readonly open?: OpenDrift;
  /** What the agent is to be told with the next prompt, if the person wants it told. */
  readonly owed?: string;
};

export type OpenDrift = FoundDrift & {
  /** What those files were before it that differ since. */
  readonly was: readonly (readonly [path: string, file: KnownFile])[];
};

export function parseGround(text: string | undefined): SessionGround | undefined {
  // Where it was written by nobody that we know, the session begins anew.
  const value = readJson(text ?? 'null') as SessionGround | null | undefined;
  return value?.v === 1 ? value : undefined;
}

/** How the files that a session knows differ from what is there. `blobOf`: undefined where that cannot be told. */
export function compareFiles(
  files: SessionGround['files'],
  blobOf: (path: string) => string | null | undefined,
): FileDrift[] {
  return files.flatMap(([path, { known, blob }]): FileDrift[] => {
    const found = blobOf(path);
    if (found === undefined || found === blob) return [];
    if (found === null) return [{ path, known, now: 'removed' }];
    return [{ path, known, now: blob === null ? 'appeared' : 'changed' }];
  });
}

/** The same files as they are now; what cannot be read stays as it was known. */
export function renewFiles(
  files: SessionGround['files'],
  blobOf: (path: string) => string | null | undefined,
): SessionGround['files'] {
  return files.map(([path, { known, blob }]) => {
    const found = blobOf(path);
    return [path, { known, blob: found === undefined ? blob : found }] as const;
  });
}
