/** A short story, told in full: two sessions of one run, one of them still going on when it was lost. */
import type { Event } from '../../src/contract/types.gen.ts';
import type { Entry } from '../../src/journal/entry.ts';

const writer = '01K5A0000000000000000WRTR1';
export const sessions = ['01K5A00000000000000SESSON1', '01K5A00000000000000SESSON2'] as const;
export const turns = ['01K5A0000000000000000TVRN1', '01K5A0000000000000000TVRN2'] as const;
export const steps = ['01K5A0000000000000000STEP1', '01K5A0000000000000000STEP2'] as const;
export const beganAt = 1_790_000_000_000;

const [first, second] = sessions;
const [edit, ask] = steps;
const claim = {
  path: '/w/src/a.ts',
  operation: 'modify',
  source: 'diff',
  added: 2,
  removed: 1,
} as const;
const choices = [{ id: 'yes', name: 'Allow', kind: 'allow_once' }];
const plan = [
  { content: 'read', status: 'completed' },
  { content: 'write', status: 'pending' },
];

const told: readonly (readonly [Event, string?])[] = [
  [
    {
      ...{ type: 'recording-started', workspace: '/w', pid: 4242, clew: '0.1.0', label: 'zed' },
      ...{ command: ['codex-acp'], platform: 'linux', node: 'v20', branch: 'main' },
    },
  ],
  [
    {
      ...{ type: 'agent-connected', protocol: 1, files: true, terminals: false },
      agent: { name: 'codex-acp', version: '2.6' },
      client: { name: 'zed' },
    },
  ],
  [
    { type: 'session-opened', how: 'new', agentSession: 'thread-1', cwd: '/w', model: 'gpt' },
    first,
  ],
  [{ type: 'session-changed', title: 'Rename the parser' }, first],
  [
    { type: 'turn-started', turn: turns[0], origin: 'prompt', prompt: 'rename the parser\nplease' },
    first,
  ],
  [
    {
      ...{ type: 'step-started', turn: turns[0], step: edit, kind: 'tool', title: 'Edit a.ts' },
      tool: { call: 'c1', kind: 'edit', name: 'apply_patch', announced: true },
    },
    first,
  ],
  [{ type: 'files-claimed', turn: turns[0], step: edit, claims: [claim] }, first],
  [
    { type: 'permission-asked', turn: turns[0], step: ask, on: edit, title: 'Edit a.ts?', choices },
    first,
  ],
  [
    {
      type: 'permission-answered',
      step: ask,
      outcome: 'allowed',
      choice: 'yes',
      by: 'editor',
      afterMs: 900,
    },
    first,
  ],
  [
    {
      ...{ type: 'step-ended', step: edit, outcome: 'completed', afterMs: 1500, exitCode: 0 },
      output: { bytes: 2, sha256: 'aa', text: 'ok' },
    },
    first,
  ],
  [{ type: 'step-started', turn: turns[0], step: 'M1', kind: 'message', role: 'agent' }, first],
  [
    {
      type: 'message-said',
      turn: turns[0],
      step: 'M1',
      role: 'agent',
      part: 0,
      text: 'Done: it is ',
    },
    first,
  ],
  [
    { type: 'message-said', turn: turns[0], step: 'M1', role: 'agent', part: 1, text: 'renamed.' },
    first,
  ],
  [{ type: 'step-ended', step: 'M1', outcome: 'completed', afterMs: 20 }, first],
  [{ type: 'plan-changed', turn: turns[0], entries: plan }, first],
  [
    {
      type: 'usage-reported',
      turn: turns[0],
      used: 10,
      size: 100,
      cost: { amount: 0.25, currency: 'USD' },
    },
    first,
  ],
  [{ type: 'notes-dropped', from: 'agent', lines: 1, bytes: 40 }],
  [
    {
      type: 'turn-ended',
      turn: turns[0],
      outcome: 'end_turn',
      afterMs: 5000,
      usage: { input: 100, output: 20 },
    },
    first,
  ],
  [{ type: 'session-opened', how: 'new', agentSession: 'thread-2', cwd: '/w' }, second],
  [{ type: 'turn-started', turn: turns[1], origin: 'prompt', prompt: 'now the tests' }, second],
  [{ type: 'step-started', turn: turns[1], step: 'T2', kind: 'thought' }, second],
];

export const smallStory: readonly Entry[] = told.map(([event, session], at) => ({
  ...{ writer, seq: at + 1, at: beganAt + at * 1000, mono: at * 1000 },
  ...(session === undefined ? {} : { session }),
  event,
}));
