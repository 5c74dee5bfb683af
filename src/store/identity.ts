/** Which folder a workspace's state belongs to, as written in identity.json and as found on the disk. */
import { renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Identity } from '../contract/types.gen.ts';
import { Failure } from '../errors.ts';
import { readShape } from '../journal/json.ts';
import type { Ground } from '../snapshot/ground.ts';
import { readIfThere, writeWhole } from './whole-file.ts';

/** The format of everything in a workspace's state folder. */
export const stateVersion = 1;

export function seeGround(path: string, gitCommonDir: string | undefined): Ground {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  if (stat === undefined)
    throw new Failure('no-workspace', `the workspace ${path} is not there`, {
      hint: 'give a folder that exists',
      data: { path },
    });
  return {
    path,
    device: String(stat.dev),
    inode: String(stat.ino),
    // Zero where the file system does not keep it.
    ...(stat.birthtimeNs > 0n ? { born: String(stat.birthtimeNs) } : {}),
    ...(gitCommonDir === undefined ? {} : { gitCommonDir }),
  };
}

/** Undefined when there is none, or none that can be read. */
export function readIdentity(folder: string): Identity | undefined {
  const text = readIfThere(identityPath(folder))?.toString('utf8');
  return text === undefined ? undefined : parseIdentity(text);
}

/** One that cannot be read is kept beside it. */
export function writeIdentity(folder: string, identity: Identity): void {
  const path = identityPath(folder);
  if (readIdentity(folder) === undefined && readIfThere(path) !== undefined)
    renameSync(path, `${path}.bad`);
  writeWhole(path, `${JSON.stringify(identity, null, 2)}\n`);
}

export function refuseNewer(folder: string, { v }: Identity): void {
  if (v <= stateVersion) return;
  throw new Failure('newer-state', `the state in ${folder} was written by a newer clew`, {
    hint: 'update clew, or set CLEW_HOME to another folder',
    data: { path: folder, version: v, known: stateVersion },
  });
}

function identityPath(folder: string): string {
  return join(folder, 'identity.json');
}

function parseIdentity(text: string): Identity | undefined {
  const identity = readShape(text) as Partial<Identity> | undefined;
  const isWhole = typeof identity?.v === 'number' && typeof identity.path === 'string';
  return isWhole ? (identity as Identity) : undefined;
}
