/** A thread that gives way is less important to the system than the process around it. */
import { getPriority } from 'node:os';
import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';

const isLinux = process.platform === 'linux';

it.runIf(isLinux)('the thread that asks gives way, and no other', async () => {
  const url = new URL('../../dist/wire/give-way.js', import.meta.url).href;
  const program = `
    const { getPriority } = require('node:os');
    const { readlinkSync } = require('node:fs');
    const { parentPort } = require('node:worker_threads');
    import(${JSON.stringify(url)}).then(({ giveWay }) => {
      giveWay();
      parentPort.postMessage(getPriority(Number(readlinkSync('/proc/thread-self').split('/').at(-1))));
    });`;
  const before = getPriority(process.pid);
  const worker = new Worker(program, { eval: true });
  const priority = await new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  await worker.terminate();
  expect(priority).toBe(Math.min(19, before + 4));
  expect(getPriority(process.pid)).toBe(before);
});
