/** The back thread: opens the hands, records what the front thread forwards, and answers. */
import { createHash } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { parentPort, workerData } from 'node:worker_threads';
import { openConversation } from './acp/conversation.ts';
import { placeBeforePrompt } from './acp/prompt-place.ts';
import { rawValueAt } from './acp/raw-value.ts';
import { findReads } from './agents/shell/find-reads.ts';
import { cliAgents } from './agents/table.ts';
import type { Event } from './contract/types.gen.ts';
import { type Desk, openDesks } from './recorder/desks.ts';
import { openIndexKeeper } from './recorder/index-keeper.ts';
import { openJudges } from './recorder/judges.ts';
import { openKeeping } from './recorder/keeping.ts';
import { lookBeforeRun } from './recorder/look-before-run.ts';
import { openLooker } from './recorder/looker.ts';
import { openCliConversation } from './recorder/open-cli-conversation.ts';
import { openDesk } from './recorder/open-desk.ts';
import { openGuard } from './recorder/open-guard.ts';
import { openKeepers } from './recorder/open-keepers.ts';
import { openLineFailpoint } from './recorder/open-line-failpoint.ts';
import { openOwnDrift } from './recorder/open-own-drift.ts';
import { openOwnLayers } from './recorder/open-own-layers.ts';
import { openPlaces } from './recorder/open-places.ts';
import { openProgress } from './recorder/open-progress.ts';
import { openTracking } from './recorder/open-tracking.ts';
import { describeTrouble, openVoice } from './recorder/open-voice.ts';
import { openPatientDesk } from './recorder/patient-desk.ts';
import { openRecentTexts } from './recorder/recent-texts.ts';
import { openRecorder } from './recorder/recorder.ts';
import { openRetention } from './recorder/retention.ts';
import { shortenOwnHistory } from './recorder/shorten-own-history.ts';
import { openLazyInBand } from './rpc/open-lazy-in-band.ts';
import { openRedactor } from './secrets/redactor.ts';
import { idOf } from './shadow/object-id.ts';
import { readVersion } from './store/clew-version.ts';
import type { Clock } from './store/clock.ts';
import { openKnownSessions } from './store/index/known-sessions.ts';
import { openSocketFolder } from './store/socket-folder.ts';
import { findWorkspaceFolder, openStateHome } from './store/state-folder.ts';
import { mintUlid } from './store/ulid.ts';
import { giveWay } from './wire/give-way.ts';
import type { BackOptions, BackSaid } from './wire/notes.ts';
import { openQueueReader } from './wire/shared-queue.ts';

const flushMs = 1_000;
const encoder = new TextEncoder();

giveWay();

const options = workerData as BackOptions;
const voice = openVoice((text) => tell({ kind: 'say', text }));
const { say, trouble, relief, aside, complain, complainAside } = voice;
const version = readVersion();
const redactor = openRedactor({ environment: process.env });
const clock: Clock = {
  now: Date.now,
  // The front thread's beginning, so that both threads mean the same moment.
  mono: () => performance.timeOrigin - options.startedAt + performance.now(),
};

const queue = openQueueReader(options.memory);
const keeper = openIndexKeeper({
  isBusy: queue.isBehind,
  unavailable: (error) => say(`no index: ${describeTrouble(error)}`),
});
const known = await openKnownSessions().catch((error) => {
  say(`no index: ${describeTrouble(error)}; recording goes on`);
  return undefined;
});
const { named, rootOf, knownSession } = openPlaces({
  folder: options.workspace,
  env: process.env,
  known,
  say,
});

const texts = openRecentTexts();
const conversation = openConversation({
  mint: () => mintUlid(clock.now()),
  blobOf: (text) => texts.keep(nameBlob(Buffer.from(text)), text),
  sha256: (text) => createHash('sha256').update(text).digest('hex'),
  sizeOf: (text) => Buffer.byteLength(text),
  readsOf: findReads,
  knownSession,
});
const reader = cliAgents
  .find((it) => it.name === options.prints)
  ?.openReader({ command: options.command, cwd: process.cwd() });
// A workspace that was named is opened with the desks, so what that needs comes before.
const writers = new Map<string, string>();
const layers = openOwnLayers({
  resumes: options.resumes,
  env: process.env,
  now: clock.now,
  write,
  async tell(root, event) {
    desks.writeAt(root, { event: redactor.value(event) });
    await desks.acknowledge();
  },
  say: aside,
});
const progress = openProgress({
  read: (which) => conversation.progress(which),
  redact: redactor.text,
  rootOf: (session) => desks.rootOf(session),
  folder: () => openSocketFolder(process.env),
  refused: (error) => say(`no live progress: ${describeTrouble(error)}`),
});
const desks = openDesks({
  workspace: named,
  fallback: rootOf(process.cwd()),
  rootOf,
  open: (root) =>
    openPatientDesk(root, {
      open: () => openOne(root),
      refused: (error) =>
        trouble(`not recording ${root}: ${describeTrouble(error)}; forwarding goes on`),
    }),
});
const keepers = openKeepers({
  env: process.env,
  copiesBase: options.copiesBase,
  guardsAny: options.guardsAny,
  write,
  say,
});
const retention = openRetention({
  shorten: (root) => shortenOwnHistory(process.env, root, clock.now()),
  keeperOf: keepers.of,
  now: clock.now,
  write,
});
const drift = openOwnDrift({
  home: () => openStateHome(process.env),
  run: options.run,
  tellsAgent: options.tellsAgent,
  env: process.env,
  writerOf: (root) => writers.get(root),
  rootOf: desks.rootOf,
  mint: () => mintUlid(clock.now()),
  redact: (event) => redactor.value(event),
  write,
  writeAt: (root, event) => desks.writeAt(root, { event }),
  acknowledge: desks.acknowledge,
  inject: (line) => tell({ kind: 'inject', to: 'editor', line: encoder.encode(line) }),
  toldAgent: (...told) => conversation.prepend(...told),
  complain: complainAside,
  say,
});
const keeping = openKeeping({
  isAtWork: reader !== undefined,
  retention,
  rootOf: guardedRootOf,
  keeperOf: keepers.of,
  textOf: texts.find,
  mint: mintMoment,
  clock: { ...clock, heard: () => recorder.heard },
  write(note) {
    write(note);
    guard.watch(note);
    // Whoever is let through next may count on it: the system has it before, and the disk soon after.
    void desks.acknowledge().catch((error) => complain('writing to the disk', error));
  },
  say,
});
const guard = openGuard({
  policy: options.stale,
  keeping,
  rootOf: guardedRootOf,
  seenOf: (session, path) => tracking.seen.of(session, path),
  settleSeen: () => tracking.settle(),
  keeperOf: keepers.of,
  textOf: texts.find,
  nameBlob,
  mint: () => mintUlid(clock.now()),
  now: clock.now,
  redact: redactor.text,
  write,
  inject: (to, line, settles) => tell({ kind: 'inject', to, line: Buffer.from(line), settles }),
  hear: (from, line) => recorder.hear(from, line),
  hearInstead: (line) => recorder.hearInstead(line),
  expect: conversation.expect,
  complain: complainAside,
});
const tracking = openTracking({
  rootOf: desks.rootOf,
  stateOf: (root) =>
    findWorkspaceFolder({ home: openStateHome(process.env), workspace: root })?.state,
  pid: process.pid,
  textOf: texts.find,
  now: clock.now,
  write,
  say: aside,
});
const inBand = openLazyInBand({
  folder: named ?? process.cwd(),
  env: process.env,
  command: options.command,
  findKeeper: keepers.find,
  inject: (line) => tell({ kind: 'inject', to: 'editor', line }),
  say,
});
const recorder = openRecorder({
  lineLimitBytes: options.lineLimitBytes,
  desks,
  conversation: reader ? openCliConversation(conversation, reader) : conversation,
  judges: openJudges({
    version,
    methods: async () => Object.keys((await import('./methods/table.ts')).methods),
    takeOwn: inBand.take,
    cancelOwn: inBand.cancel,
    rawIdOf: (line) => rawValueAt(line, ['id']),
    placeBeforePrompt,
    drift,
    layers,
    keeping,
    guard,
    beforeRun: () =>
      lookBeforeRun(named ?? rootOf(reader?.cwd ?? process.cwd()), {
        keeperOf: keepers.of,
        isGuarded: keepers.isGuarded,
        mint: mintMoment,
        write,
      }),
  }),
  redact: (event) => redactor.value(event),
  mono: clock.mono,
  watch(note) {
    guard.watch(note);
    keeping.watch(note);
    tracking.watch(note);
    drift.watch(note);
  },
  moved: progress.wake,
  passLines: openLineFailpoint(process.env['CLEW_FAILPOINT']),
  judged: (id, verdict) => tell({ kind: 'judged', id, verdict }),
  unanswered: (lines) => tell({ kind: 'unanswered', lines }),
  complain,
});
const looker = openLooker(queue, { take: recorder.take, looked: leaveIfTold, idle: keeper.idle });
const flushing = setInterval(() => recorder.flush(clock.mono()), flushMs);
let isLeaving = false;

parentPort?.on('message', looker.wake);
looker.wake();

/** The farewell may lie behind more than one look takes, and nobody wakes for it twice. */
function leaveIfTold(): void {
  if (recorder.farewell === undefined || isLeaving) return;
  isLeaving = true;
  void leave();
}

async function leave(): Promise<void> {
  looker.stop();
  clearInterval(flushing);
  keeper.close();
  retention.close();
  progress.close();
  for (const room of [inBand, keeping, guard, tracking, drift, keepers]) {
    await room.close();
    // Each has its own patience, and together they may need more than the front thread has for silence.
    tell({ kind: 'leaving' });
  }
  await layers.finish();
  tell({ kind: 'leaving' });
  await desks
    .close()
    .catch((error) => aside(`closing the journal failed: ${describeTrouble(error)}`));
  await layers.close();
  voice.close();
  tell({ kind: 'done' });
  parentPort?.close();
}

function openOne(root: string): Desk {
  return openDesk(root, {
    home: openStateHome(process.env),
    clock,
    run: {
      pid: process.pid,
      clew: version,
      command: [...options.command],
      stale: options.stale,
      run: options.run,
      platform: process.platform,
      node: process.version,
      ...(options.label === undefined ? {} : { label: options.label }),
    },
    restart: options.restart,
    // Who reads it in a hook's words finds the journal by it.
    writer: options.restart === undefined && writers.size === 0 ? options.run : undefined,
    redact: (event) => redactor.value(event),
    say,
    trouble,
    relief,
    wrote: (entry) => layers.take(root, entry),
    opened(writer, journal, index) {
      writers.set(root, writer);
      tell({ kind: 'writing', writer });
      keeper.add({ journal, index });
    },
    progress: { serve: (writer) => progress.serve(root, writer), clear: progress.clear },
    farewell: () => recorder.farewell,
  });
}

function mintMoment(): { id: string; at: number } {
  const at = clock.now();
  return { id: mintUlid(at), at };
}

function write({ session, event }: { session?: string; event: Event }): void {
  const said = { event: redactor.value(event) };
  desks.write(session === undefined ? said : { ...said, session });
}

/** The workspace of a session, where checkpoints are taken of it. */
function guardedRootOf(session: string): string | undefined {
  const root = desks.rootOf(session);
  return root !== undefined && keepers.isGuarded(root) ? root : undefined;
}

function nameBlob(bytes: Uint8Array): string {
  return idOf('blob', bytes).toString('hex');
}

function tell(said: BackSaid): void {
  parentPort?.postMessage(said);
}
