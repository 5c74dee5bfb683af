/** Brings files to the disk many at once, for a thread that works synchronously: a sync is mostly waiting. */
import { closeSync, fsyncSync } from 'node:fs';
import {
  MessageChannel,
  type MessagePort,
  receiveMessageOnPort,
  type Worker,
} from 'node:worker_threads';
import { openThread } from './open-thread.ts';
import { pulse, type SyncAnswer, type SyncOrder } from './sync-order.ts';

export type SyncCrew = {
  /** An open file, which is closed when it is on the disk; it may throw what came of an earlier one. */
  take(fd: number): void;
  /** All that was taken is on the disk, or it throws. */
  finish(): void;
  close(): void;
};

/** Syncs files and closes them, also where it throws. */
type Hands = {
  /** Waits for those it was given before. */
  begin(fds: readonly number[]): void;
  finish(): void;
  close(): void;
};

/** So many are collected, and as many are on their way meanwhile. */
const filesAtOnce = 128;
/** A thread of its own costs as much as syncing some dozens. */
const fewFiles = 48;
const lookMs = 100;
/** Then it must be gone: whoever waits does the rest alone. */
const silentLooks = 600;

export function openSyncCrew(files: number): SyncCrew {
  const helper = files < fewFiles ? undefined : startHelper();
  const hands = helper === undefined ? openAlone() : openHelped(helper);
  let open: number[] = [];
  function pass(): void {
    const full = open;
    open = [];
    if (full.length > 0) hands.begin(full);
  }
  return {
    take(fd) {
      open.push(fd);
      if (open.length === filesAtOnce) pass();
    },
    finish() {
      pass();
      hands.finish();
    },
    close() {
      closeFiles(open);
      open = [];
      hands.close();
    },
  };
}

function openAlone(): Hands {
  return { begin: syncFiles, finish() {}, close() {} };
}

function syncFiles(fds: readonly number[]): void {
  try {
    for (const fd of fds) fsyncSync(fd);
  } finally {
    closeFiles(fds);
  }
}

function closeFiles(fds: readonly number[]): void {
  for (const fd of fds) closeSync(fd);
}

type Helper = {
  readonly shared: Int32Array;
  readonly answers: MessagePort;
  readonly worker: Worker;
};

/** Undefined where no further thread can be had. */
function startHelper(): Helper | undefined {
  const shared = new Int32Array(new SharedArrayBuffer(4 * pulse.length));
  const { port1: answers, port2: port } = new MessageChannel();
  try {
    const workerData = { port, shared };
    const worker = openThread('sync-thread', { workerData, transferList: [port] });
    worker.unref();
    answers.unref();
    return { shared, answers, worker };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_WORKER_INIT_FAILED') throw error;
    answers.close();
    return undefined;
  }
}

function openHelped({ shared, answers, worker }: Helper): Hands {
  let isLost = false;
  let given: readonly number[] = [];
  // Heard only when this thread comes to rest; until then its silence tells.
  worker.once('error', () => {
    isLost = true;
  });

  function awaitAnswer(): SyncAnswer | undefined {
    let beat = -1;
    for (let quiet = 0; quiet < silentLooks; ) {
      const answer = receiveMessageOnPort(answers);
      if (answer) return answer.message as SyncAnswer;
      const now = Atomics.load(shared, pulse.beat);
      quiet = now === beat ? quiet + 1 : 0;
      beat = now;
      Atomics.wait(shared, pulse.answered, 0, lookMs);
    }
    return undefined;
  }

  function finish(): void {
    const fds = given;
    given = [];
    if (fds.length === 0) return;
    const codes = awaitAnswer();
    if (codes === undefined) {
      isLost = true;
      return syncFiles(fds);
    }
    closeFiles(fds);
    const [code] = codes;
    if (code !== undefined)
      throw Object.assign(new Error(`${code}: a file does not come to the disk`), { code });
  }

  return {
    begin(fds) {
      try {
        finish();
      } catch (error) {
        closeFiles(fds);
        throw error;
      }
      if (isLost) return syncFiles(fds);
      given = fds;
      Atomics.store(shared, pulse.answered, 0);
      const order: SyncOrder = { fds };
      worker.postMessage(order);
    },
    finish,
    close() {
      closeFiles(given);
      given = [];
      answers.close();
      void worker.terminate();
    },
  };
}
