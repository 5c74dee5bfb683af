/** The keeping thread: opens the hands that hold a workspace's checkpoints, and does what it is asked. */
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { Failure } from './errors.ts';
import { answerCall, toWireFailure } from './shadow/calls.ts';
import type { KeepAsked, KeepPlace, KeepSaid } from './shadow/keeper-thread.ts';
import { type Keeper, openKeeper } from './shadow/open-keeper.ts';
import { openShadow, type Shadow } from './shadow/open-shadow.ts';
import type { RestoreReport } from './snapshot/restore-step.ts';
import { passFailpoint } from './store/failpoint.ts';
import { judgeLife, type ProcessMark, readOwnMark } from './store/process-mark.ts';
import { mintUlid } from './store/ulid.ts';
import { stretchWait } from './wire/stretch-wait.ts';
import { openRestorer } from './workspace/open-restorer.ts';
import { openWorkspace } from './workspace/open-workspace.ts';

const place = workerData as KeepPlace;
const own = readOwnMark();
let keeper: Promise<Keeper> | undefined;
void start();

parentPort?.on('message', (said: KeepAsked) => {
  if (said.kind === 'close') void close();
  else void answer(said);
});

/** Opened before anybody asks, and anew for the next who asks after it failed. */
function start(): Promise<Keeper> {
  const opening = open();
  keeper = opening;
  // Told to whoever waits for it.
  opening.catch(() => {
    if (keeper === opening) keeper = undefined;
  });
  return opening;
}

function open(): Promise<Keeper> {
  return openKeeper<ProcessMark>({
    openShadow: openOwnShadow,
    placeLead,
    withinMs: stretchWait(5_000),
    onTrouble: (error) =>
      tell({ kind: 'trouble', message: error instanceof Error ? error.message : String(error) }),
  });
}

function openOwnShadow(holds: () => boolean): Shadow {
  const { root, gitDir, gitCommonDir, workTree, stateFolder } = place;
  const { copiesBase = false, limitBytes } = place;
  const shadow = openShadow({
    stateFolder,
    workspace: openWorkspace({ root, gitDir, gitCommonDir, workTree }),
    copiesBase,
    ...(limitBytes === undefined ? {} : { limitBytes }),
    holds,
    failpoint: passFailpoint,
    openRestorer: (base) => openRestorer({ ...base, root, failpoint: passFailpoint }),
  });
  const { rolledForward } = shadow;
  if (0 < rolledForward.length) {
    tell({ kind: 'rolled-forward', reports: rolledForward });
    for (const report of rolledForward) seeFinished(shadow, report);
  }
  return shadow;
}

/** The look that whoever began the restore would have taken after it: so that it, too, can be undone. */
function seeFinished(shadow: Shadow, { id, written, removed }: RestoreReport): void {
  const at = Date.now();
  const paths = [...written, ...removed];
  try {
    shadow.take({
      id: mintUlid(at),
      at,
      marks: { reason: 'undone', undo: id },
      acts: [{ by: { undo: id }, paths, reach: 'named' }],
      after: id,
    });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    tell({ kind: 'trouble', message: error.message });
  }
}

function placeLead() {
  const token = mintUlid(Date.now());
  return {
    folder: place.stateFolder,
    // A name of its own for each holding: a socket that refuses then belongs to a dead one.
    socket: join(place.socketFolder, `${token}.sock`),
    token,
    marks: { own, judge: (mark: ProcessMark) => judgeLife(mark, own) },
  };
}

async function answer({ call }: KeepAsked & { kind: 'call' }): Promise<void> {
  try {
    tell({ kind: 'answer', answer: await answerCall(await (keeper ?? start()), call) });
  } catch (error) {
    tell({ kind: 'answer', answer: { id: call.id, failure: toWireFailure(error) } });
  }
}

async function close(): Promise<void> {
  await keeper?.then(
    (opened) => opened.close(),
    // It never opened, which every caller was told.
    () => undefined,
  );
  tell({ kind: 'closed' });
}

function tell(said: KeepSaid): void {
  parentPort?.postMessage(said);
}
