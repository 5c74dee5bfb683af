/** What a file of the workspace is right now, without holding anybody up: its blob id, and a stamp to see changes by. */
import { createHash } from 'node:crypto';
import { lstat, open, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { findInside } from './find-inside.ts';

export type Look =
  /** `path`: the file itself, where a link was asked for. */
  | { readonly kind: 'file'; readonly path: string; readonly blob: string; readonly stamp: Stamp }
  | { readonly kind: 'absent' }
  | { readonly kind: 'skipped'; readonly why: SkipReason; readonly bytes?: number };

/** Two looks with the same one saw the same file. */
export type Stamp = {
  readonly inode: bigint;
  readonly size: bigint;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
};

export type SkipReason = 'too-large' | 'outside' | 'no-file' | 'unreadable' | 'restless';

const pieceBytes = 256 << 10;
const tries = 3;

/** `root`: real path. `path`: relative to it, with slashes. */
export async function lookAtFile(root: string, path: string, limitBytes: number): Promise<Look> {
  try {
    const real = await realpath(join(root, path));
    const inside = findInside(root, real);
    if (inside === undefined || inside === '') return { kind: 'skipped', why: 'outside' };
    for (let turn = 0; turn < tries; turn += 1) {
      const look = await lookOnce(real, inside, limitBytes);
      if (look !== undefined) return look;
    }
    return { kind: 'skipped', why: 'restless' };
  } catch (error) {
    return lookOf(error);
  }
}

function lookOf(error: unknown): Look {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'absent' };
  if (code === undefined) throw error;
  return { kind: 'skipped', why: 'unreadable' };
}

/** Undefined if it was written while it was read. */
async function lookOnce(real: string, path: string, limitBytes: number): Promise<Look | undefined> {
  // Opening a pipe would wait for its other end.
  const found = await stat(real, { bigint: true });
  if (!found.isFile()) return { kind: 'skipped', why: 'no-file' };
  const bytes = Number(found.size);
  if (limitBytes < bytes) return { kind: 'skipped', why: 'too-large', bytes };
  const file = await open(real, 'r');
  try {
    const stamp = stampOf(await file.stat({ bigint: true }));
    const hash = createHash('sha1').update(`blob ${stamp.size}\0`);
    const piece = Buffer.allocUnsafe(Math.max(1, Math.min(pieceBytes, bytes)));
    let left = Number(stamp.size);
    while (0 < left) {
      const { bytesRead } = await file.read(piece, 0, Math.min(piece.length, left));
      if (bytesRead === 0) return undefined;
      hash.update(piece.subarray(0, bytesRead));
      left -= bytesRead;
    }
    const after = stampOf(await file.stat({ bigint: true }));
    if (!isSame(stamp, after)) return undefined;
    return { kind: 'file', path, blob: hash.digest('hex'), stamp };
  } finally {
    await file.close();
  }
}

/** Undefined where nothing is, or nothing that can be seen. */
export async function readStamp(root: string, path: string): Promise<Stamp | undefined> {
  try {
    return stampOf(await lstat(join(root, path), { bigint: true }));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return undefined;
  }
}

function stampOf(found: { ino: bigint; size: bigint; mtimeNs: bigint; ctimeNs: bigint }): Stamp {
  const { ino, size, mtimeNs, ctimeNs } = found;
  return { inode: ino, size, mtimeNs, ctimeNs };
}

export function isSame(one: Stamp, other: Stamp): boolean {
  return (
    one.inode === other.inode &&
    one.size === other.size &&
    one.mtimeNs === other.mtimeNs &&
    one.ctimeNs === other.ctimeNs
  );
}
