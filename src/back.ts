/** The back thread: opens the hands, records what the front thread forwards, and answers. */
import { createHash } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { parentPort, workerData } from 'node:worker_threads';
import { openConversation } from './acp/conversation.ts';
import { rawValueAt } from './acp/raw-value.ts';
import { Failure } from './errors.ts';
import { type Desk, openDesks } from './recorder/desks.ts';
import { openJudges } from './recorder/judges.ts';
import { openLooker } from './recorder/looker.ts';
import { openDesk } from './recorder/open-desk.ts';
import { openPatientDesk } from './recorder/patient-desk.ts';
import { openRecorder } from './recorder/recorder.ts';
import { openRedactor } from './secrets/redactor.ts';
import type { Clock } from './store/clock.ts';
import { openStateHome } from './store/state-folder.ts';
import { mintUlid } from './store/ulid.ts';
import { version } from './version.ts';
import type { BackOptions, BackSaid } from './wire/notes.ts';
import { openRingReader } from './wire/ring.ts';
import { locateWorkspace } from './workspace/locate.ts';

const flushMs = 1_000;

const options = workerData as BackOptions;
const port = parentPort;
if (port === null) throw new Error('back.ts runs as a worker only');

const clock: Clock = {
  now: Date.now,
  // The front thread's beginning, so that both threads mean the same moment.
  mono: () => performance.timeOrigin - options.startedAt + performance.now(),
};
const redactor = openRedactor({ environment: process.env });
const conversation = openConversation({
  mint: () => mintUlid(clock.now()),
  blobOf,
  sha256,
  sizeOf: (text) => Buffer.byteLength(text),
});
const fallback = rootOf(process.cwd());
const desks = openDesks({
  workspace: options.workspace === undefined ? undefined : namedRoot(options.workspace),
  fallback,
  rootOf,
  open: (root) => openPatientDesk(root, { open: () => openOne(root), refused: complainOpening }),
});
const recorder = openRecorder({
  lineLimitBytes: options.lineLimitBytes,
  desks,
  conversation,
  judges: openJudges({
    version,
    methods: [],
    answer: async () => null,
    problemOf: () => ({ code: 0, message: '' }),
    inject: (line) => tell({ kind: 'inject', to: 'editor', line }),
    rawIdOf: (line) => rawValueAt(line, ['id']),
  }),
  redact: (event) => redactor.value(event),
  passLine,
  judged: (id, verdict) => tell({ kind: 'judged', id, verdict }),
  unanswered: (lines) => tell({ kind: 'unanswered', lines }),
  complain: (doing, error) => say(`${doing} failed: ${messageOf(error)}`),
});
const looker = openLooker(openRingReader(options.memory), recorder.take, () => {
  if (recorder.farewell !== undefined) void leave();
});
const flushing = setInterval(() => recorder.flush(clock.mono()), flushMs);

port.on('message', () => {
  looker.wake();
  if (recorder.farewell !== undefined) void leave();
});
looker.wake();
