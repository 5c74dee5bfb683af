/** The second thread of a sweep, from where it is wanted: started once, given orders, and waited for no longer than it moves. */
import { MessageChannel, type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import type { SweepReport } from '../snapshot/workspace-port.ts';
import type { RehearsalPlace } from './open-rehearsal.ts';
import { openThread } from './open-thread.ts';
import { control, type SweepOrder, silentLooks, sweepShare } from './sweep-share.ts';

export type SweepHelper = {
  /** Whether it came up, once that is known. */
  readonly started: Promise<boolean>;
  isReady(): boolean;
  begin(order: SweepOrder): void;
  /** Does this thread's share of what was begun; undefined when the helper was lost over it. */
  finish(): SweepReport | undefined;
  /** Of what was begun and never finished, nothing is wanted any more. */
  abandon(): void;
  close(): Promise<unknown>;
};

export function openSweepHelper(place: RehearsalPlace): SweepHelper {
  const worker = openThread('sweep-thread');
  const gifts = new MessageChannel();
  const answers = new MessageChannel();
  const ports = { gifts: gifts.port2, answers: answers.port2 };
  worker.postMessage({ ...ports, place }, [gifts.port2, answers.port2]);
  worker.unref();
  for (const port of [gifts.port1, answers.port1]) port.unref();
  let state: 'starting' | 'ready' | 'lost' = 'starting';
  let running: SweepOrder | undefined;
  worker.once('error', () => {
    state = 'lost';
  });
  const started = new Promise<boolean>((resolve) => {
    worker.once('message', () => resolve(true));
    worker.once('error', () => resolve(false));
  });
  return {
    started,
    isReady() {
      if (state === 'starting' && receiveMessageOnPort(answers.port1)) state = 'ready';
      return state === 'ready';
    },
    begin(order) {
      order.control[control.busy] = 2;
      running = order;
      worker.postMessage(order);
    },
    finish() {
      if (running === undefined) return undefined;
      const own = sweepShare(running, gifts.port1);
      const other = awaitAnswer(running.control, answers.port1);
      // What was given to one that is lost is lost too: all is looked at once more.
      const isLost = other === undefined || Atomics.load(running.control, control.lost) !== 0;
      running = undefined;
      if (isLost) state = 'lost';
      return isLost ? undefined : mergeReports(own, other);
    },
    abandon() {
      if (running === undefined) return;
      Atomics.store(running.stop, 0, 1);
      Atomics.sub(running.control, control.busy, 1);
      if (awaitAnswer(running.control, answers.port1) === undefined) state = 'lost';
      // It may have given work away before it stopped.
      while (receiveMessageOnPort(gifts.port1));
      running = undefined;
    },
    close: () => worker.terminate(),
  };
}

/** Undefined when the helper has not moved for so long that it must be dead. */
function awaitAnswer(shared: Int32Array, port: MessagePort): SweepReport | undefined {
  let beat = -1;
  let quiet = 0;
  for (;;) {
    const answer = receiveMessageOnPort(port);
    if (answer) return answer.message as SweepReport;
    const now = Atomics.load(shared, control.beat);
    quiet = now === beat ? quiet + 1 : 0;
    if (quiet > silentLooks) return undefined;
    beat = now;
    // Told already, though not yet for this sweep: then a plain wait.
    if (Atomics.wait(shared, control.answered, 0, 1) === 'not-equal')
      Atomics.wait(shared, control.lost, 0, 1);
  }
}

function mergeReports(one: SweepReport, other: SweepReport): SweepReport {
  return {
    changed: [...one.changed, ...other.changed],
    unreadable: [...one.unreadable, ...other.unreadable],
    complete: one.complete && other.complete,
  };
}
