/** The second thread of a sweep: waits for orders, does its share, answers. */
import { type MessagePort, parentPort } from 'node:worker_threads';
import { openRehearsal, type RehearsalPlace } from './open-rehearsal.ts';
import { control, type SweepOrder, sweepShare } from './sweep-share.ts';

type Beginning = {
  readonly gifts: MessagePort;
  readonly answers: MessagePort;
  readonly place: RehearsalPlace;
};

parentPort?.once('message', ({ gifts, answers, place }: Beginning) => {
  let isOrdered = false;
  parentPort?.on('message', (order: SweepOrder) => {
    isOrdered = true;
    answers.postMessage(sweepShare(order, gifts));
    Atomics.store(order.control, control.answered, 1);
    Atomics.notify(order.control, control.answered);
  });
  answers.postMessage('ready');
  parentPort?.postMessage('ready');
  const rehearse = openRehearsal(place);
  const goOn = () => {
    if (!isOrdered && rehearse()) setImmediate(goOn);
  };
  setImmediate(goOn);
});
