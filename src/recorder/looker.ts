/** When the back thread looks into the queue: often while traffic flows, never while nothing happens. */
import type { QueueReader } from '../wire/shared-queue.ts';

export type Looker = {
  /** Somebody has written, or waits: look now. */
  wake(): void;
  stop(): void;
};

/** Between looks while traffic flows. Short against what a person notices, long against a message. */
const dozeMs = 12;
/** So many empty looks, and the reader asks to be woken instead. */
const emptyLooks = 3;
/** Then other work gets its turn: answers to gates, timers, the disk. */
const atOnce = 512;

export type LookerPorts = {
  take: Parameters<QueueReader['drain']>[0];
  /** After each look: what it took may have been the last. */
  looked(): void;
  idle(): void;
};

export function openLooker(reader: QueueReader, { take, looked, idle }: LookerPorts): Looker {
  let timer: NodeJS.Timeout | undefined;
  let turn: NodeJS.Immediate | undefined;
  let empty = 0;
  let isStopped = false;

  function look(): void {
    clearTimeout(timer);
    clearImmediate(turn);
    const count = reader.drain(take, atOnce);
    empty = count === 0 ? empty + 1 : 0;
    looked();
    if (isStopped) return;
    if (count === atOnce) turn = setImmediate(look);
    else if (empty < emptyLooks || !reader.sleep()) timer = setTimeout(look, dozeMs);
    else idle();
  }

  return {
    wake() {
      empty = 0;
      look();
    },
    stop() {
      isStopped = true;
      clearTimeout(timer);
      clearImmediate(turn);
    },
  };
}
