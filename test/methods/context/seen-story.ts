/** A session that has seen some files of its workspace, as its journal and as its state store tell it. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Seen } from '../../../src/context/seen.ts';
import type { Event } from '../../../src/contract/types.gen.ts';
import type { Entry } from '../../../src/journal/entry.ts';
import { openSeenSpace } from '../../../src/store/state/open-seen-space.ts';
import { openStateStore } from '../../../src/store/state/open-state-store.ts';
import { type Recorded, recordWorkspace } from '../recorded.ts';

export const session = '01K000000000000000SESSION1';
export const agentSession = '01a1fbdc-5274-7c90-9a41-2b27fcc8f280';
const writer = '01K0000000000000000WRITER1';
const turn = '01K00000000000000000TURN01';
const startedAt = 1_795_000_000_000;

export function blobOf(text: string): string {
  const options = { input: text, encoding: 'utf8' } as const;
  return execFileSync('git', ['hash-object', '--stdin'], options).trim();
}

/** The same five files: as it is on the disk, changed since, gone since, come since, written in a failed step. */
export function recordSeen(): Recorded {
  const edit = { type: 'step-started', turn, kind: 'tool' } as const;
  const tool = { call: 'c', announced: true, kind: 'edit' } as const;
  const add = (path: string, text: string) =>
    ({ path, operation: 'add', source: 'diff', after: blobOf(text), whole: true }) as const;
  const events: Event[] = [
    {
      type: 'recording-started',
      pid: 1,
      clew: '0',
      command: [],
      workspace: 'w',
      platform: 'linux',
      node: '20',
    },
    { type: 'session-opened', how: 'new', agentSession, cwd: '/w' },
    { type: 'turn-started', turn, origin: 'prompt', prompt: 'go' },
    { type: 'file-read', turn, path: '/w/same ü.txt', bytes: 5, blob: blobOf('same\n') },
    { type: 'file-seen', turn, path: 'changed.txt', blob: blobOf('older\n'), how: 'guess' },
    { type: 'file-seen', turn, path: 'changed.txt', blob: blobOf('old\n'), how: 'guess' },
    { ...edit, step: 's1', tool },
    { type: 'files-claimed', turn, step: 's1', claims: [add('/w/gone.txt', 'gone\n')] },
    { type: 'step-ended', step: 's1', outcome: 'completed', afterMs: 1 },
    { ...edit, step: 's2', tool },
    { type: 'files-claimed', turn, step: 's2', claims: [add('/w/failed.txt', 'failed\n')] },
    { type: 'step-ended', step: 's2', outcome: 'failed', afterMs: 1 },
    { type: 'file-seen', turn, path: 'came.txt', blob: null, how: 'disk' },
    { type: 'file-read', turn, path: '/elsewhere/x', bytes: 5, blob: blobOf('x') },
    { type: 'turn-ended', turn, outcome: 'end_turn', afterMs: 1 },
  ];
  const entries = events.map((event, n): Entry => {
    const seq = n + 1;
    const entry = { writer, seq, at: startedAt + seq, mono: seq };
    return { ...entry, ...(n === 0 ? {} : { session }), event };
  });
  const recorded = recordWorkspace(entries);
  writeFileSync(join(recorded.root, 'same ü.txt'), 'same\n');
  writeFileSync(join(recorded.root, 'changed.txt'), 'new\n');
  writeFileSync(join(recorded.root, 'came.txt'), '');
  return recorded;
}

/** What the recorder would have put there. */
export async function keepSeen({ state }: Recorded, files: Record<string, Seen>): Promise<void> {
  const store = await openStateStore(join(state, 'state.db'));
  const space = openSeenSpace(store);
  await space.list(agentSession, Object.keys(files));
  for (const [path, seen] of Object.entries(files)) await space.write(agentSession, path, seen);
  await store.close();
}
