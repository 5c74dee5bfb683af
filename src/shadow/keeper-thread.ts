/** A keeper in a thread of its own: the engine works synchronously, and nobody else should wait for it. */
import { Worker } from 'node:worker_threads';
import { Failure } from '../errors.ts';
import type { RestoreReport } from '../snapshot/restore-step.ts';
import { type Answer, askCalls, type Call, type Calls } from './calls.ts';

export type KeepPlace = {
  /** Real path of the workspace. */
  readonly root: string;
  readonly gitDir?: string | undefined;
  readonly gitCommonDir?: string | undefined;
  /** Real path of the work tree the git folder belongs to, where that is not `root`. */
  readonly workTree?: string | undefined;
  /** Folder of this workspace in the state folder. */
  readonly stateFolder: string;
  readonly socketFolder: string;
  /** No links to the user's packs, copies. */
  readonly copiesBase?: boolean;
  /** Files above it wait for the background. */
  readonly limitBytes?: number;
};

export type KeeperThread = {
  readonly calls: Calls;
  close(): Promise<void>;
};

export type KeeperNews = {
  /** Something failed in the background, where nobody waits for an answer. */
  trouble(message: string): void;
  /** Restores that a dead process left half done, and that are done now. */
  rolledForward(reports: readonly RestoreReport[]): void;
};

/** From the thread. */
export type KeepSaid =
  | { readonly kind: 'answer'; readonly answer: Answer }
  | { readonly kind: 'trouble'; readonly message: string }
  | { readonly kind: 'rolled-forward'; readonly reports: readonly RestoreReport[] }
  | { readonly kind: 'closed' };

/** To the thread. */
export type KeepAsked = { readonly kind: 'call'; readonly call: Call } | { readonly kind: 'close' };

/** Opening happens in the background: a call that comes earlier waits for it, and fails if it failed. */
export function openKeeperThread(place: KeepPlace, news: KeeperNews): KeeperThread {
  let worker: Worker | undefined = start();
  const asked = askCalls((call) => send({ kind: 'call', call }));
  let closed: (() => void) | undefined;
  let waiting = 0;

  function start(): Worker {
    const fresh = openThread(place);
    // A process that has nothing else to do may end: only whoever waits for an answer holds it.
    fresh.unref();
    fresh.on('message', hear);
    fresh.on('error', (error) =>
      bury(fresh, error instanceof Error ? error : new Error('unknown')),
    );
    fresh.on('exit', () => bury(fresh, new Error('it ended by itself')));
    return fresh;
  }

  function send(said: KeepAsked): void {
    worker ??= start();
    waiting += 1;
    worker.ref();
    worker.postMessage(said);
  }

  function hear(said: KeepSaid): void {
    if (said.kind === 'answer') settle(said.answer);
    else if (said.kind === 'trouble') news.trouble(said.message);
    else if (said.kind === 'rolled-forward') news.rolledForward(said.reports);
    else if (said.kind === 'closed') closed?.();
  }

  function settle(answer: Answer): void {
    waiting -= 1;
    if (waiting === 0) worker?.unref();
    asked.settle(answer);
  }

  function bury(dead: Worker, why: Error): void {
    if (worker !== dead) return;
    worker = undefined;
    waiting = 0;
    const said = `the thread that keeps checkpoints failed: ${why.message}`;
    asked.drop(new Failure('state-refused', said, { cause: why, hint: 'try again' }));
    closed?.();
  }

  return {
    calls: asked.calls,
    async close() {
      const last = worker;
      if (last === undefined) return;
      await new Promise<void>((resolve) => {
        closed = resolve;
        send({ kind: 'close' });
      });
      worker = undefined;
      waiting = 0;
      await last.terminate();
    },
  };
}

/** A worker that loads TypeScript needs the loader that its parent has; the package has none and needs none. */
function openThread(place: KeepPlace): Worker {
  const isSource = import.meta.url.endsWith('.ts');
  const entry = new URL(isSource ? '../keep.ts' : '../keep.js', import.meta.url);
  // Whatever it might print: stdout may be a protocol's.
  const options = { workerData: place, stdout: true };
  if (!isSource) return new Worker(entry, options);
  // A script without a file of its own would look for it from where the process was started.
  const loader = import.meta.resolve('tsx/esm/api');
  const script = `import(${JSON.stringify(loader)}).then(({ register }) => {
    register();
    return import(${JSON.stringify(entry.href)});
  })`;
  return new Worker(script, { ...options, eval: true });
}
