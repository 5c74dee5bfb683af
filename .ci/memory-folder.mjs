/**
 * Where tests make their folders: in memory, where there is plenty. Each checkpoint syncs some thirty times, and
 * nothing that tests show needs a disk below: who is killed loses nothing that was written, and loss of power is
 * played (test/shadow/power-loss.ts). TMPDIR names another place; the soak runs on what there is.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { freemem } from 'node:os';
import { join } from 'node:path';

const memory = '/dev/shm';
const tmpfsType = 0x01021994;
const leastBytes = 4 * 2 ** 30;

/** Undefined where there is none, or too little of it. */
export function makeMemoryFolder() {
  if (process.env.TMPDIR || process.env.CLEW_SOAK === '1' || !isRoomy()) return undefined;
  clearDead();
  const folder = mkdtempSync(join(memory, `clew-test-${process.pid}-`));
  // As /tmp is: some tests run the program as another user.
  chmodSync(folder, 0o1777);
  if (runsPrograms(folder)) return folder;
  rmSync(folder, { recursive: true });
  return undefined;
}

function isRoomy() {
  try {
    const { type, bavail, bsize } = statfsSync(memory);
    return type === tmpfsType && Math.min(bavail * bsize, freemem()) >= leastBytes;
  } catch {
    return false; // no such folder on this system
  }
}

/** Hooks are programs; some mount it so that none may run. */
function runsPrograms(folder) {
  const path = join(folder, 'program');
  writeFileSync(path, '#!/bin/sh\n');
  chmodSync(path, 0o755);
  return spawnSync(path).status === 0;
}

/** What runs that were killed have left there is gone with the next one. */
function clearDead() {
  for (const name of readdirSync(memory)) {
    const [, pid] = /^clew-test-(\d+)-/.exec(name) ?? [];
    if (pid !== undefined && !isAlive(Number(pid)))
      rmSync(join(memory, name), { recursive: true, force: true });
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
