/** The back thread: opens the hands, records what the front thread forwards, and answers. */
import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { parentPort, workerData } from 'node:worker_threads';
import { openConversation } from './acp/conversation.ts';
import type { Event } from './contract/types.gen.ts';
import { openDesks } from './recorder/desks.ts';
import { openJudges } from './recorder/judges.ts';
import { openLooker } from './recorder/looker.ts';
import { openRecorder } from './recorder/recorder.ts';
import { openRedactor } from './secrets/redactor.ts';
import { mintUlid } from './store/ulid.ts';
import type { BackOptions, BackSaid } from './wire/notes.ts';
import { openRingReader } from './wire/ring.ts';
