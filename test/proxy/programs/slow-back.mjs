/** A back thread that reads one record every few milliseconds, or falls silent after the first. */
import { setTimeout as pause } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { openQueueReader } from '../../../dist/wire/shared-queue.js';

const { memory, label } = workerData;
const reader = openQueueReader(memory);
const farewell = 6;
let count = 0;
let isOver = false;
parentPort.postMessage({ kind: 'say', text: 'ready' });
while (!isOver) {
  reader.drain((kind) => {
    isOver = kind === farewell;
    count += 1;
  }, 1);
  if (label === 'stuck') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  await pause(10);
}
parentPort.postMessage({ kind: 'say', text: `${count} read` });
parentPort.postMessage({ kind: 'done' });
parentPort.close();
