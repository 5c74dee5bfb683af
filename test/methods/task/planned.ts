/** A session whose agent planned, was cut off, and was taken up again by another run. */
import type { Event, PlanEntry } from '../../../src/contract/types.gen.ts';
import type { Entry } from '../../../src/journal/entry.ts';
import { type Recorded, recordWorkspace } from '../recorded.ts';

export const session = '01K5A00000000000000SESSON1';
const began = 1_790_000_000_000;
const states = { p: 'pending', a: 'in_progress', c: 'completed' } as const;

/** `a Write it` for an entry that is active. */
function planOf(...entries: string[]): PlanEntry[] {
  return entries.map((it) => ({
    content: it.slice(2),
    status: states[it.slice(0, 1) as keyof typeof states],
  }));
}

type Told = Event | { readonly plan: string[]; readonly turn?: string };

function tellRun(writer: string, at: number, told: readonly Told[]): Entry[] {
  const run = { pid: 1, clew: '0', command: ['agent'], platform: 'linux', node: 'v20' };
  const started: Event = { type: 'recording-started', workspace: '/w', ...run };
  return [started, ...told].map((it, n) => {
    const event: Event =
      'plan' in it && !('type' in it)
        ? { type: 'plan-changed', entries: planOf(...it.plan), ...(it.turn && { turn: it.turn }) }
        : (it as Event);
    const own = event.type === 'recording-started' ? {} : { session };
    return { writer, seq: n + 1, at: began + at + n, mono: n, ...own, event };
  });
}

const opened = (how: 'new' | 'load'): Event => ({
  type: 'session-opened',
  how,
  agentSession: 's',
  cwd: '/w',
});
const edit = (turn: string, step: string, path: string): Event[] => [
  { type: 'step-started', step, turn, kind: 'tool', title: 'Edit' },
  {
    type: 'files-claimed',
    step,
    turn,
    claims: [{ path: `/w/${path}`, operation: 'modify', source: 'diff' }],
  },
  { type: 'step-ended', step, outcome: 'completed', afterMs: 1 },
];

const turns = ['01K5A0000000000000000TVRN1', '01K5A0000000000000000TVRN2'] as const;

export const first = tellRun('01K5AA', 0, [
  opened('new'),
  { type: 'turn-started', turn: turns[0], origin: 'prompt', prompt: 'go' },
  { plan: ['a Read it', 'p Write the parser', 'p Ship'], turn: turns[0] },
  ...edit(turns[0], '01K5A0000000000000000STEP1', 'notes.md'),
  { plan: ['c Read it', 'a Write the parser', 'p Ship'], turn: turns[0] },
  ...edit(turns[0], '01K5A0000000000000000STEP2', 'src/parser.ts'),
  ...edit(turns[0], '01K5A0000000000000000STEP3', 'test/parser.test.ts'),
]);

/** The same session, loaded by another run of clew. */
export const second = tellRun('01K5AB', 100_000, [
  opened('load'),
  { type: 'turn-started', turn: turns[1], origin: 'prompt', prompt: 'go on' },
  { plan: ['c Read it', 'c Write the parser', 'a Test the parser', 'p Ship'], turn: turns[1] },
]);

export const recordPlans = (...runs: Entry[][]): Recorded => recordWorkspace(runs.flat());
