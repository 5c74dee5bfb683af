/** Syncs the files it is given, a few at a time, for a thread that can only wait. */
import { fsync } from 'node:fs';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { pulse, type SyncAnswer, type SyncOrder } from './sync-order.ts';

/** As many threads as node has for this; others in the process wait for theirs no longer than one file takes. */
const atOnce = 4;

const { port, shared } = workerData as { readonly port: MessagePort; readonly shared: Int32Array };

parentPort?.on('message', ({ fds }: SyncOrder) => {
  const codes: string[] = [];
  const waiting = [...fds].reverse();
  let running = 0;
  function goOn(): void {
    for (; running < atOnce; running += 1) {
      const fd = waiting.pop();
      if (fd === undefined) break;
      fsync(fd, hear);
    }
    if (running === 0) answer(codes);
  }
  function hear(error: NodeJS.ErrnoException | null): void {
    if (error) codes.push(error.code ?? 'EIO');
    running -= 1;
    Atomics.add(shared, pulse.beat, 1);
    goOn();
  }
  goOn();
});

function answer(codes: SyncAnswer): void {
  port.postMessage(codes);
  Atomics.store(shared, pulse.answered, 1);
  Atomics.notify(shared, pulse.answered);
}
