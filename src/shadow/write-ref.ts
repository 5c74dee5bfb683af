/** References of the shadow repository: one file each, changed under git's own `.lock`, durable on return. */
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  unlinkSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { Failure } from '../errors.ts';
import { type Failpoint, makeFolder, removeTemp, syncFolder, writeWhole } from './durable-file.ts';
import type { Oid } from './object-id.ts';

export type RefKind = 'checkpoints' | 'pins';

function fileOf(gitDir: string, kind: RefKind, id: string): string {
  return join(gitDir, 'refs', 'clew', kind, id);
}

export function writeRef(
  gitDir: string,
  ref: { kind: RefKind; id: string; oid: Oid },
  failpoint: Failpoint,
): void {
  const file = fileOf(gitDir, ref.kind, ref.id);
  makeFolder(dirname(file));
  const lock = `${file}.lock`;
  const fd = openLock(lock);
  try {
    writeWhole(fd, Buffer.from(`${ref.oid}\n`));
    fsyncSync(fd);
  } catch (error) {
    removeTemp(lock);
    throw error;
  } finally {
    closeSync(fd);
  }
  failpoint('ref-written');
  renameSync(lock, file);
  failpoint('ref-renamed');
  syncFolder(dirname(file));
}

/** Only the leader writes here, so a lock that is there was left by a dead one. */
function openLock(lock: string): number {
  try {
    return openSync(lock, 'wx', 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    unlinkSync(lock);
    return openSync(lock, 'wx', 0o600);
  }
}

export function dropRef(gitDir: string, kind: RefKind, id: string): void {
  const file = fileOf(gitDir, kind, id);
  removeTemp(file);
  if (existsSync(dirname(file))) syncFolder(dirname(file));
}

export function readRef(gitDir: string, kind: RefKind, id: string): Oid | undefined {
  const oid = readIfThere(fileOf(gitDir, kind, id))?.trim() ?? '';
  return /^[0-9a-f]{40}$/.test(oid) ? oid : undefined;
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'latin1');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return undefined;
  }
}

/** Ids in order of their making: they begin with their time. */
export function listRefs(gitDir: string, kind: RefKind): string[] {
  const folder = join(gitDir, 'refs', 'clew', kind);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => !name.includes('.'))
    .sort();
}

/** The one checkpoint whose id begins or ends so. */
export function findRef(gitDir: string, kind: RefKind, short: string): string {
  const ids = listRefs(gitDir, kind);
  if (ids.includes(short)) return short;
  const wanted = short.toUpperCase();
  const found =
    wanted === ''
      ? []
      : ids.filter(
          (id) => id.toUpperCase().startsWith(wanted) || id.toUpperCase().endsWith(wanted),
        );
  const [only, ...others] = found;
  if (only === undefined) {
    throw new Failure('unknown-id', `no checkpoint ${JSON.stringify(short)}`, {
      hint: 'clew checkpoints lists them; an old one may have been pruned',
    });
  }
  if (others.length > 0) {
    throw new Failure(
      'ambiguous-id',
      `${found.length} checkpoints begin with ${JSON.stringify(short)}`,
      {
        data: { candidates: found.slice(0, 10) },
        hint: 'give more of the id',
      },
    );
  }
  return only;
}
