/** One set-up at a time in this folder: the second waits for the first. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { root } from './program.mjs';
import { keepSaying, say } from './say.mjs';

const path = join(root, '.ci', '.setup-turn');

export async function inTurn(work) {
  await takeTurn();
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}

async function takeTurn() {
  let endSaying;
  while (!claim()) {
    const holder = Number(readHolder());
    if (!isAlive(holder)) {
      rmSync(path, { force: true });
      continue;
    }
    if (endSaying === undefined) {
      say(`   another set-up is running here (process ${holder}); waiting for it`);
      endSaying = keepSaying('waiting');
    }
    await pause(250);
  }
  endSaying?.();
}

function claim() {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function readHolder() {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // gone since we looked: free
  }
}

function isAlive(pid) {
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
