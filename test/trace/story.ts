/** Makes up journals: several writers, sessions that go on in another one, faults, odd clocks. */
import type { Event } from '../../src/contract/types.gen.ts';
import type { Entry } from '../../src/journal/entry.ts';

export type Plot = {
  readonly seed: number;
  readonly writers?: number;
  /** For each writer. */
  readonly turns?: number;
  /** False for a story in which nothing goes wrong. */
  readonly trouble?: boolean;
};

export type Chance = {
  /** Below n. */
  below(n: number): number;
  /** True about once in n times. */
  once(n: number): boolean;
  pick<T>(values: readonly T[]): T;
};

export function openChance(seed: number): Chance {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const below = (n: number) => Math.floor(next() * n);
  return {
    below,
    once: (n) => below(n) === 0,
    pick: (values) => values[below(values.length)] as (typeof values)[number],
  };
}

const words =
  'rename the parser tests naïve Straße 日本語 測試 retry foo_bar src/a.ts undefined queue'.split(
    ' ',
  );
const paths = ['/w/src/a.ts', '/w/src/b c.ts', 'docs/ü.md', '/elsewhere/x', '/w/src/deep/d.ts'];
const digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const beganAt = 1_790_000_000_000;

/** The journals of each writer, in the order in which that writer wrote them. */
export function tellStory(plot: Plot): Entry[][] {
  const chance = openChance(plot.seed);
  const known: string[] = [];
  const told: Entry[][] = [];
  for (let n = 0; n < (plot.writers ?? 3); n += 1) {
    const writer = mint(chance, beganAt + n * 1000);
    told.push(tellWriter({ plot, chance, writer, known, others: told.map((it) => it[0]) }));
  }
  return told;
}

export function mint(chance: Chance, at: number): string {
  let time = '';
  for (let rest = at, i = 0; i < 10; i += 1, rest = Math.floor(rest / 32))
    time = digits[rest % 32] + time;
  return time + Array.from({ length: 16 }, () => digits[chance.below(32)]).join('');
}

type Telling = {
  readonly plot: Plot;
  readonly chance: Chance;
  readonly writer: string;
  /** Sessions of earlier writers, which this one may take up again. */
  readonly known: string[];
  readonly others: readonly (Entry | undefined)[];
};

function tellWriter({ plot, chance, writer, known, others }: Telling): Entry[] {
  const trouble = plot.trouble !== false;
  const entries: Entry[] = [];
  let seq = 0;
  let at = beganAt + chance.below(60_000);
  let mono = 0;

  function say(event: Event, session?: string): void {
    seq += 1;
    if (trouble && chance.once(60)) seq += 1 + chance.below(3);
    const step = chance.below(900);
    mono += step;
    at += trouble && chance.once(40) ? -3_600_000 : step;
    entries.push({ writer, seq, at, mono, ...(session === undefined ? {} : { session }), event });
  }
  const text = (n: number) => Array.from({ length: 1 + chance.below(n) }, () => chance.pick(words));
  const id = () => mint(chance, at);

  say({
    type: 'recording-started',
    workspace: '/w',
    pid: 1,
    clew: '0.1.0',
    command: ['agent'],
    platform: 'linux',
    node: 'v20',
    ...(chance.once(2) ? { branch: chance.pick(['main', 'feature/ü']) } : {}),
    ...(chance.once(3) ? { label: 'zed' } : {}),
  });
  const agent = chance.pick(['codex-acp', 'gemini-cli', 'claude-agent-acp']);
  say({
    type: 'agent-connected',
    protocol: 1,
    agent: { name: agent, version: '2.6' },
    client: { name: 'zed' },
    files: true,
    terminals: false,
  });
  if (trouble && 0 < others.length && chance.once(2)) {
    const lost = chance.pick(others)?.writer ?? 'nobody';
    say({ type: 'writer-lost', writer: lost, lastSeq: chance.pick([1, 20, 100_000]) });
  }

  const mine: string[] = [];
  for (let n = 0; n < (plot.turns ?? 4); n += 1) {
    if (mine.length === 0 || chance.once(3)) mine.push(openSession());
    tellTurn(chance.pick(mine));
  }
  if (chance.once(4)) say({ type: 'session-closed', how: 'close' }, chance.pick(mine));
  if (!trouble || chance.once(2)) say({ type: 'recording-ended', reason: 'editor-left' });
  return entries;

  function openSession(): string {
    const again = 0 < known.length && chance.once(3);
    const session = again ? chance.pick(known) : id();
    if (!again) known.push(session);
    const how = again ? 'load' : 'new';
    const agentSession = `agent-${session.slice(-4)}`;
    say({ type: 'session-opened', how, agentSession, cwd: '/w', model: 'm1' }, session);
    if (chance.once(3)) say({ type: 'session-changed', title: text(4).join(' ') }, session);
    return session;
  }

  function tellTurn(session: string): void {
    const turn = id();
    const prompt = text(12).join(' ');
    if (chance.once(8)) say({ type: 'turn-started', turn, origin: 'agent' }, session);
    else say({ type: 'turn-started', turn, origin: 'prompt', prompt }, session);
    for (let n = chance.below(5); 0 <= n; n -= 1) tellStep(session, turn);
    if (chance.once(3)) {
      const entries = [{ content: text(3).join(' '), status: 'pending' }];
      say({ type: 'plan-changed', turn, entries }, session);
    }
    if (chance.once(3))
      say({ type: 'usage-reported', turn, cost: { amount: seq / 100, currency: 'USD' } }, session);
    if (trouble && chance.once(6)) tellTrouble(session, turn);
    if (trouble && chance.once(4)) return;
    const usage = chance.once(2) ? { usage: { input: 10, output: chance.below(99) } } : {};
    const outcome = chance.pick(['end_turn', 'cancelled', 'error']);
    say({ type: 'turn-ended', turn, outcome, afterMs: chance.below(9000), ...usage }, session);
    if (trouble && chance.once(5)) tellStep(session, turn);
  }

  function tellStep(session: string, turn: string): void {
    const step = id();
    if (chance.once(2)) {
      tellMessage(session, turn, step);
      return;
    }
    const tool = { call: `call-${seq}`, kind: 'edit', name: 'Edit', announced: true };
    say({ type: 'step-started', turn, step, kind: 'tool', title: 'Edit a file', tool }, session);
    const path = chance.pick(paths);
    const operation = chance.pick(['read', 'modify', 'move'] as const);
    const oldPath = operation === 'move' ? { oldPath: chance.pick(paths) } : {};
    const claim = { path, operation, source: 'diff' as const, ...oldPath };
    say({ type: 'files-claimed', turn, step, claims: [claim] }, session);
    if (chance.once(3)) tellPermission(session, turn, step);
    if (chance.once(3)) say({ type: 'step-changed', step, title: text(3).join(' ') }, session);
    if (trouble && chance.once(5)) return;
    const outcome = chance.pick(['completed', 'completed', 'failed', 'rejected'] as const);
    const output = { bytes: 3, sha256: '00', text: 'out' };
    say({ type: 'step-ended', step, outcome, afterMs: chance.below(999), output }, session);
  }

  function tellMessage(session: string, turn: string, step: string): void {
    const role = chance.pick(['agent', 'thought'] as const);
    const kind = role === 'thought' ? 'thought' : 'message';
    say({ type: 'step-started', turn, step, kind }, session);
    const said = text(20).join(' ');
    const parts = 1 + chance.below(3);
    for (let part = 0; part < parts; part += 1) {
      const size = Math.ceil(said.length / parts);
      const piece = said.slice(part * size, (part + 1) * size);
      say({ type: 'message-said', turn, step, role, part, text: piece }, session);
    }
    say({ type: 'step-ended', step, outcome: 'completed', afterMs: 5 }, session);
  }

  function tellPermission(session: string, turn: string, on: string): void {
    const step = id();
    const choices = [{ id: 'a', name: 'Allow', kind: 'allow_once' }];
    say({ type: 'permission-asked', turn, step, on, title: 'May I?', choices }, session);
    if (trouble && chance.once(6)) return;
    const outcome = chance.pick(['allowed', 'rejected'] as const);
    say(
      { type: 'permission-answered', step, outcome, choice: 'a', by: 'editor', afterMs: 7 },
      session,
    );
  }

  function tellTrouble(session: string, turn: string): void {
    const problem = { code: -32603, message: 'no' };
    const others: [Event, string?][] = [
      [{ type: 'notes-dropped', from: 'agent', lines: 3, bytes: 99 }],
      [{ type: 'request-failed', from: 'editor', method: 'x/y', problem, turn }, session],
      [{ type: 'of-the-future', turn: 7, odd: { __proto__: 1 } } as unknown as Event, session],
      [{ type: 'files-claimed', turn, step: 's' } as unknown as Event, session],
      [{ type: 'turn-started', turn: 5, origin: {}, prompt: [] } as unknown as Event, session],
      [{ type: 'step-ended', step: mint(chance, at), outcome: 'completed', afterMs: 1 }, session],
      [{ type: 'file-written', turn, path: '/w/new.txt', bytes: 1, blob: 'a'.repeat(40) }, session],
      [
        { type: 'file-written', turn, path: '/w/no', bytes: 1, blob: 'b'.repeat(40), problem },
        session,
      ],
    ];
    const lost = [{ line: 1, count: 2 }];
    const [before, after] = ['a'.repeat(40), 'b'.repeat(40)];
    const alert = {
      type: 'lines-overwritten',
      alert: id(),
      turn,
      path: 'a',
      lines: 2,
      lost,
    } as const;
    const about = { known: null, before, after, checkpoint: id(), evidence: 'claimed' } as const;
    others.push([{ ...alert, ...about }, session]);
    const stale = { type: 'stale-edit-found', turn, path: 'a', gate: 'write' } as const;
    const seen = { blob: before, at: 1, how: 'wire' } as const;
    const verdict = { verdict: 'refused', seen, found: after, wanted: before, lost, revived: 0 };
    others.push([{ ...stale, ...verdict } as Event, session]);
    const [event, of] = chance.pick(others);
    say(event, of);
  }
}

/** One of the orders in which several journals may be read: each writer's own order is kept. */
export function mergeSomehow(journals: readonly (readonly Entry[])[], chance: Chance): Entry[] {
  const at = journals.map(() => 0);
  const merged: Entry[] = [];
  for (let rest = journals.reduce((sum, it) => sum + it.length, 0); 0 < rest; rest -= 1) {
    let which = chance.below(journals.length);
    while ((at[which] ?? 0) === journals[which]?.length) which = (which + 1) % journals.length;
    const entry = journals[which]?.[at[which] ?? 0];
    if (entry === undefined) throw new Error('no such entry');
    merged.push(entry);
    at[which] = (at[which] ?? 0) + 1;
  }
  return merged;
}
