/** The files of the layers: each written as a whole, in one order, and never torn by a death in between. */
import { randomUUID } from 'node:crypto';
import {
  closeSync,
  fdatasyncSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { openDisk } from './disk.ts';
import { passFailpoint } from './failpoint.ts';
import { readNames } from './journal-names.ts';

/** A layer's own keys stand before its lists, so this much says whose it is. */
const headBytes = 4 << 10;
/** A draft this old belongs to nobody who is still at it. */
const draftMs = 3_600_000;
const draftEnds = '.tmp';

/**
 * There completely or not at all: a draft, made durable, takes the place of what was there. What is in the
 * state folder is for its owner's eyes; what lies in a workspace has the mode that the person's umask gives.
 */
export async function writeLayer(path: string, text: string, mode = 0o600): Promise<void> {
  const draft = join(dirname(path), `.${basename(path)}.${randomUUID()}${draftEnds}`);
  try {
    const file = await open(draft, 'wx', mode);
    try {
      passFailpoint('layer-created');
      await file.writeFile(text);
      passFailpoint('layer-written');
      await file.datasync();
    } finally {
      await file.close();
    }
    passFailpoint('layer-synced');
    await rename(draft, path);
    passFailpoint('layer-renamed');
    openDisk().syncFolder(dirname(path));
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/** The same for whoever may not let go of a lock meanwhile. */
export function writeLayerNow(path: string, text: string, mode = 0o600): void {
  const draft = join(dirname(path), `.${basename(path)}.${randomUUID()}${draftEnds}`);
  try {
    const fd = openSync(draft, 'wx', mode);
    try {
      passFailpoint('project-created');
      const bytes = Buffer.from(text);
      for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
      passFailpoint('project-written');
      fdatasyncSync(fd);
    } finally {
      closeSync(fd);
    }
    passFailpoint('project-synced');
    renameSync(draft, path);
    passFailpoint('project-renamed');
    openDisk().syncFolder(dirname(path));
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

/** Names of layers, newest first: they begin with the time. */
export function listLayers(folder: string): string[] {
  return readNames(folder)
    .filter((it) => it.endsWith('.json') && !it.startsWith('.'))
    .sort()
    .reverse();
}

/** The beginning of a layer: enough to know whose it is. Undefined when it has gone meanwhile. */
export function readHeadOf(path: string): string | undefined {
  try {
    const fd = openSync(path, 'r');
    try {
      const room = Buffer.alloc(headBytes);
      return room.toString('utf8', 0, readSync(fd, room, 0, headBytes, 0));
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Drafts of whoever died at them. */
export function clearDrafts(folder: string, now: number): void {
  const names = readNames(folder).filter((it) => it.startsWith('.') && it.endsWith(draftEnds));
  for (const name of names) {
    const at = statSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs;
    if (at !== undefined && now - at > draftMs) rmSync(join(folder, name), { force: true });
  }
}
