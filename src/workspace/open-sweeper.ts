/** Sweeps a whole workspace, in two threads where it is large: this one and a helper that is started once and kept. */
import { statSync } from 'node:fs';
import {
  MessageChannel,
  type MessagePort,
  receiveMessageOnPort,
  Worker,
} from 'node:worker_threads';
import type { Table } from '../snapshot/table.ts';
import type { SweepReport } from '../snapshot/workspace-port.ts';
import type { OutsideRules } from './ignore-files.ts';
import { isOwnFileSystem } from './is-own-file-system.ts';
import { control, type SweepOrder, silentLooks, sweepShare } from './sweep-share.ts';

export type Sweeper = {
  /** Blocks this thread: it belongs in a thread of its own. */
  sweep(table: Table, untilMs: number, meanwhile?: () => void): SweepReport;
  /** Asks a running sweep, from any thread, to stop after the folder at hand. */
  readonly stop: Int32Array;
  /** Whether the second thread that was wanted from the beginning is there, once that is known. */
  readonly started: Promise<boolean>;
  close(): Promise<void>;
};

type Place = {
  readonly root: string;
  readonly excludes: readonly OutsideRules[];
  readonly threads?: 1 | 2;
  /** How many files are known to be there before the first sweep. */
  readonly files?: number;
};

/** With fewer files one thread is done before the other is awake, and a thread costs ten megabytes. */
const sharedFrom = 2_000;

export function openSweeper({ root, excludes, threads = 2, files = 0 }: Place): Sweeper {
  const shared = new Int32Array(new SharedArrayBuffer(4 * control.length));
  const stop = new Int32Array(new SharedArrayBuffer(4));
  const wantsHelper = (count: number) => threads === 2 && sharedFrom <= count;
  let helper = wantsHelper(files) ? openHelper() : undefined;
  const device = readDevice(root);
  return {
    started: helper?.started ?? Promise.resolve(false),
    stop,
    sweep(table, untilMs, meanwhile = () => {}) {
      shared.fill(0);
      stop.fill(0);
      const order = {
        root,
        columns: table.columns,
        folders: table.folders,
        excludes,
        device,
        untilMs,
        control: shared,
        stop,
      };
      let isDone = false;
      const once = () => {
        if (!isDone) meanwhile();
        isDone = true;
      };
      const swept = helper?.sweep(order, once);
      once();
      const report = swept ?? sweepAlone(order);
      if (helper === undefined && wantsHelper(table.rows + report.changed.length))
        helper = openHelper();
      return report;
    },
    close: async () => {
      await helper?.close();
    },
  };
}

/** Others may tell of a new name late, coarsely, or never. */
function readDevice(root: string): bigint | undefined {
  try {
    return isOwnFileSystem(root) ? statSync(root, { bigint: true }).dev : undefined;
  } catch (error) {
    // Whether the folder can be read is for the sweep to say.
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return undefined;
  }
}

/** With counts of its own: a second thread that was taken for lost may still take from the others. */
function sweepAlone(order: SweepOrder): SweepReport {
  return sweepShare({ ...order, control: new Int32Array(control.length) }, undefined);
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
    sweep(order: SweepOrder, meanwhile: () => void): SweepReport | undefined {
      if (state === 'starting' && receiveMessageOnPort(answers.port1)) state = 'ready';
      if (state !== 'ready') return undefined;
      order.control[control.busy] = 2;
      worker.postMessage(order);
      meanwhile();
      const own = sweepShare(order, gifts.port1);
      const other = awaitAnswer(order.control, answers.port1);
      // What was given to one that is lost is lost too: all is looked at once more.
      const isLost = other === undefined || Atomics.load(order.control, control.lost) !== 0;
      if (isLost) state = 'lost';
      return isLost ? undefined : mergeReports(own, other);
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
