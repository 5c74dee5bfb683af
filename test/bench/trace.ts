/** The live trace: how long until it is there, how soon it tells, and that it costs the proxy nothing. */
import { readdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import type { Event } from '../../src/contract/types.gen.ts';
import { openContext } from '../../src/methods/context.ts';
import { answer } from '../../src/methods/table.ts';
import { openClock } from '../../src/store/clock.ts';
import { hearProgress } from '../../src/store/hear-progress.ts';
import { openJournalWriter } from '../../src/store/journal-writer.ts';
import { readLeases } from '../../src/store/lease.ts';
import { openStateHome, openWorkspaceFolder } from '../../src/store/state-folder.ts';
import { mintUlid } from '../../src/store/ulid.ts';
import { type Bench, type Figure, quantile, sortNumbers } from './figure.ts';
import { type Kind, openLink, openPlace } from './link.ts';

const rounds = 9;
const seconds = 3;
const tokensPerSecond = 1_000;

type Told = { readonly method: string; readonly params: Record<string, unknown> };

/** One session with so many tool calls in one turn, whose writer is there. */
async function openSession(steps: number) {
  const place = openPlace();
  const workspace = realpathSync(place.workspace);
  const folder = openWorkspaceFolder({ home: openStateHome(place.env), workspace });
  const writer = openJournalWriter({
    folder: folder.journal,
    writer: mintUlid(Date.now()),
    workspace: folder.id,
    clock: openClock(),
  });
  const session = mintUlid(Date.now());
  const turn = mintUlid(Date.now());
  const say = (event: Event) => writer.append({ session, event });
  say({ type: 'session-opened', how: 'new', agentSession: 's', cwd: workspace });
  say({ type: 'turn-started', turn, origin: 'prompt', prompt: 'a long piece of work' });
  const begin = (at: number) => {
    const step = mintUlid(Date.now());
    const tool = { call: `call-${at}`, kind: 'edit', announced: true };
    say({ type: 'step-started', turn, step, kind: 'tool', title: `Edit ${at}.ts`, tool });
    return step;
  };
  for (let at = 0; at < steps; at += 1) {
    const step = begin(at);
    const path = `${workspace}/src/${at % 97}.ts`;
    const claim = { path, operation: 'modify', source: 'diff', added: 3, removed: 1 } as const;
    say({ type: 'files-claimed', turn, step, claims: [claim] });
    const output = { bytes: 40, sha256: 'aa', text: `what the tool number ${at} printed` };
    say({ type: 'step-ended', step, outcome: 'completed', afterMs: 40, output });
  }
  await writer.acknowledge();
  const hearers = new Set<(told: Told) => void>();
  const closings: (() => void)[] = [];
  const openConnection = () =>
    openContext({
      folder: workspace,
      env: place.env,
      door: {
        notify: (method, params) => {
          for (const hear of hearers) hear({ method, params: params as Told['params'] });
        },
        keepsUp: () => true,
        onClose: (work) => void closings.push(work),
      },
    });
  return {
    session,
    begin,
    hearers,
    openConnection,
    async close() {
      for (const work of closings) work();
      await writer.close();
      place.remove();
    },
  };
}

async function measureSnapshot(): Promise<Figure> {
  const held = await openSession(1_000);
  const context = held.openConnection();
  await answer(context, 'trace/snapshot', { session: held.session });
  const times: number[] = [];
  for (let round = 0; round < 5 * rounds; round += 1) {
    const begin = performance.now();
    const { rows } = await answer(context, 'trace/snapshot', { session: held.session });
    times.push(performance.now() - begin);
    if (rows.length !== 1_001) throw new Error(`${rows.length} rows`);
  }
  await context.close();
  await held.close();
  return { name: 'trace/snapshot of 1,000 rows', unit: 'ms', rounds: times, bar: { atMost: 20 } };
}

/** Each time through a connection of its own, as a page does it that is opened. */
async function measureBootstrap(): Promise<Figure> {
  const held = await openSession(10_000);
  const times: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const context = held.openConnection();
    const begin = performance.now();
    const { session } = held;
    const { seq } = await answer(context, 'trace/subscribe', { session });
    const { rows } = await answer(context, 'trace/snapshot', { session, seq });
    // The first one builds the index.
    if (round > 0) times.push(performance.now() - begin);
    if (rows.length !== 10_001) throw new Error(`${rows.length} rows`);
    await context.close();
  }
  await held.close();
  return {
    name: '10,000 steps: subscribe and bootstrap',
    unit: 'ms',
    rounds: times,
    bar: { atMost: 200 },
  };
}

/** From the moment that a writer notes a step to the moment that a subscriber has its row. */
async function measureTold(): Promise<Figure> {
  const held = await openSession(100);
  const context = held.openConnection();
  await answer(context, 'trace/subscribe', { session: held.session });
  const times: number[] = [];
  for (let at = 0; at < 10 * rounds; at += 1) {
    const begin = performance.now();
    await new Promise<void>((done) => {
      let step = '';
      const hear = ({ params }: Told) => {
        if ((params['row'] as { id?: string } | undefined)?.id !== step) return;
        held.hearers.delete(hear);
        done();
      };
      held.hearers.add(hear);
      step = held.begin(at);
    });
    times.push(performance.now() - begin);
  }
  await context.close();
  await held.close();
  return {
    name: 'a step is told after',
    unit: 'ms',
    rounds: times,
    bar: { atMost: 100 },
  };
}

type Steady = { readonly times: number[]; readonly progress: number };

/** Sorted milliseconds from the agent's write to the editor's read, at 1,000 tokens a second. */
async function stream(kind: Kind, isHeard: boolean): Promise<Steady> {
  const link = await openLink(kind);
  const times: number[] = [];
  let progress = 0;
  let rest = '';
  const hear = (chunk: Buffer) => {
    const now = process.hrtime.bigint();
    const lines = (rest + chunk.toString('latin1')).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const at = line.indexOf('"text":"@');
      if (at >= 0)
        times.push(Number(now - BigInt(line.slice(at + 9, line.indexOf(' ', at)))) / 1e6);
    }
  };
  const order = { perSecond: tokensPerSecond, bytes: 300 };
  await link.collect('_bench/steady', { ...order, seconds: 1 });
  const hearing = isHeard
    ? hearProgress(findSocket(link.home), {
        hear() {
          progress += 1;
        },
        ended: () => undefined,
      })
    : undefined;
  await link.collect('_bench/steady', { ...order, seconds }, hear);
  hearing?.close();
  await link.close();
  if (times.length !== tokensPerSecond * seconds) throw new Error(`${times.length} tokens arrived`);
  return { times: sortNumbers(times), progress: progress / seconds };
}

function findSocket(home: string): string {
  const workspaces = join(home, 'workspaces');
  for (const name of readdirSync(workspaces))
    for (const { socket } of readLeases(join(workspaces, name, 'journal')))
      if (socket !== undefined) return socket;
  throw new Error('nobody tells of progress');
}

async function measureProgress(): Promise<Figure[]> {
  const heard: number[] = [];
  const unheard: number[] = [];
  const noise: number[] = [];
  const told: number[] = [];
  const [bareMs, heardMs]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    const bare = quantile((await stream('bare', false)).times, 0.5);
    const alone = quantile((await stream('clew', false)).times, 0.5);
    const watched = await stream('clew', true);
    const again = quantile((await stream('bare', false)).times, 0.5);
    bareMs.push(bare);
    heardMs.push(quantile(watched.times, 0.5));
    heard.push(quantile(watched.times, 0.5) / alone);
    unheard.push(alone / bare);
    noise.push(again / bare);
    told.push(watched.progress);
  }
  return [
    {
      name: '1,000 tokens a second, watched to unwatched, p50',
      unit: 'x',
      rounds: heard,
      bar: { atMost: 1.2 },
    },
    { name: 'unwatched to bare, p50', unit: 'x', rounds: unheard },
    { name: 'bare against itself, p50 (noise)', unit: 'x', rounds: noise },
    { name: 'one way p50, bare', unit: 'ms', rounds: bareMs },
    { name: 'one way p50, watched', unit: 'ms', rounds: heardMs },
    { name: 'progress told', unit: '1/s', rounds: told, bar: { atMost: 21 } },
  ];
}

export const trace: Bench = {
  name: 'trace',
  about:
    'snapshots, how soon a step is told, and what it costs to be watched at 1,000 tokens a second',
  async run() {
    return [
      await measureSnapshot(),
      await measureBootstrap(),
      await measureTold(),
      ...(await measureProgress()),
    ];
  },
};
