/** The second thread of a sweep: waits for orders, does its share, answers. */
import { type MessagePort, parentPort } from 'node:worker_threads';
import { control, type SweepOrder, sweepShare } from './sweep-share.ts';

type Ports = { readonly gifts: MessagePort; readonly answers: MessagePort };

parentPort?.once('message', (ports: Ports) => {
  ports.answers.postMessage('ready');
  parentPort?.postMessage('ready');
  parentPort?.on('message', (order: SweepOrder) => {
    ports.answers.postMessage(sweepShare(order, ports.gifts));
    Atomics.store(order.control, control.answered, 1);
    Atomics.notify(order.control, control.answered);
  });
});
