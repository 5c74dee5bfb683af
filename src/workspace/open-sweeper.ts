/** Sweeps a whole workspace in two threads: this one and a helper that is started once and kept. */
import {
  MessageChannel,
  type MessagePort,
  receiveMessageOnPort,
  Worker,
} from 'node:worker_threads';
import type { Table } from '../snapshot/table.ts';
import type { SweepReport } from '../snapshot/workspace-port.ts';
import type { OutsideRules } from './ignore-files.ts';
import { control, type SweepOrder, silenceMs, sweepShare } from './sweep-share.ts';

export type Sweeper = {
  /** Blocks this thread: it belongs in a thread of its own. */
  sweep(table: Table, untilMs: number): SweepReport;
  /** Asks a running sweep, from any thread, to stop after the folder at hand. */
  readonly stop: Int32Array;
  /** Whether the second thread is there, once that is known; until then sweeps are made by one. */
  readonly started: Promise<boolean>;
  close(): Promise<void>;
};

type Place = {
  readonly root: string;
  readonly excludes: readonly OutsideRules[];
  readonly threads?: 1 | 2;
};

export function openSweeper({ root, excludes, threads = 2 }: Place): Sweeper {
  const shared = new Int32Array(new SharedArrayBuffer(4 * control.length));
  const helper = threads === 2 ? openHelper() : undefined;
  return {
    started: helper?.started ?? Promise.resolve(false),
    stop: shared.subarray(control.stop, control.stop + 1),
    sweep(table, untilMs) {
      shared.fill(0);
      const order = {
        root,
        columns: table.columns,
        folders: table.folders,
        excludes,
        untilMs,
        control: shared,
      };
      return helper?.sweep(order) ?? sweepAlone(order);
    },
    close: async () => {
      await helper?.close();
    },
  };
}

function sweepAlone(order: SweepOrder): SweepReport {
  order.control.fill(0, 0, control.stop);
  order.control[control.busy] = 1;
  return sweepShare(order, undefined);
}

/** A worker that loads TypeScript needs the loader that its parent has; the package has none and needs none. */
function openThread(source: URL): Worker {
  if (source.pathname.endsWith('.js')) return new Worker(source);
  const script = `import('tsx/esm/api').then(({ register }) => {
    register();
    return import(${JSON.stringify(source.href)});
  })`;
  return new Worker(script, { eval: true });
}

function openHelper() {
  const name = import.meta.url.endsWith('.ts') ? './sweep-thread.ts' : './sweep-thread.js';
  const worker = openThread(new URL(name, import.meta.url));
  const gifts = new MessageChannel();
  const answers = new MessageChannel();
  worker.postMessage({ gifts: gifts.port2, answers: answers.port2 }, [gifts.port2, answers.port2]);
  worker.unref();
  for (const port of [gifts.port1, answers.port1]) port.unref();
  let state: 'starting' | 'ready' | 'lost' = 'starting';
  worker.once('error', () => {
    state = 'lost';
  });
  const started = new Promise<boolean>((resolve) => {
    worker.once('message', () => resolve(true));
    worker.once('error', () => resolve(false));
  });
  return {
    started,
    /** Undefined while there is no helper to help: the caller then sweeps alone. */
    sweep(order: SweepOrder): SweepReport | undefined {
      if (state === 'starting' && receiveMessageOnPort(answers.port1)) state = 'ready';
      if (state !== 'ready') return undefined;
      order.control[control.busy] = 2;
      worker.postMessage(order);
      const own = sweepShare(order, gifts.port1);
      const other = awaitAnswer(order.control, answers.port1);
      if (other === undefined) state = 'lost';
      return other && mergeReports(own, other);
    },
    close: () => worker.terminate(),
  };
}

/** Undefined when the helper has not moved for so long that it must be dead. */
function awaitAnswer(shared: Int32Array, port: MessagePort): SweepReport | undefined {
  let beat = -1;
  let quietSince = performance.now();
  for (;;) {
    const answer = receiveMessageOnPort(port);
    if (answer) return answer.message as SweepReport;
    const now = Atomics.load(shared, control.beat);
    if (now !== beat) quietSince = performance.now();
    else if (performance.now() - quietSince > silenceMs) return undefined;
    beat = now;
    Atomics.wait(shared, control.answered, 0, 5);
  }
}

function mergeReports(one: SweepReport, other: SweepReport): SweepReport {
  return {
    changed: [...one.changed, ...other.changed],
    unreadable: [...one.unreadable, ...other.unreadable],
    complete: one.complete && other.complete,
  };
}
