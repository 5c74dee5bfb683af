/** A back thread that is late in one way or another: `label` says in which. */
import { setTimeout as pause } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { openQueueReader } from '../../../dist/wire/shared-queue.js';

const { memory, label, restart } = workerData;
const reader = openQueueReader(memory);
const farewell = 6;
/** Longer than its silence is waited for. */
const longMs = 800;
let count = 0;
let isOver = false;
if (label === 'late') await pause(longMs);
else parentPort.postMessage({ kind: 'say', text: 'ready' });
while (!isOver) {
  const limit = label === 'slow' || label === 'stuck' ? 1 : 1_000;
  reader.drain((kind) => {
    isOver = kind === farewell;
    count += 1;
  }, limit);
  if (label === 'stuck') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  await pause(10);
}
if (label === 'dies' || (label === 'dies once' && restart === undefined))
  throw new Error('at the end');
for (let room = 0; label === 'leaving' && room < 16; room += 1) {
  await pause(longMs / 16);
  parentPort.postMessage({ kind: 'leaving' });
}
parentPort.postMessage({ kind: 'say', text: `${count} read` });
parentPort.postMessage({ kind: 'done' });
parentPort.close();
