/** The live trace: how long until it is there, how soon it tells, and that it costs the proxy nothing. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Methods, TraceRow } from '../../src/contract/types.gen.ts';
import { answer } from '../../src/methods/table.ts';
import { hearProgress } from '../../src/store/hear-progress.ts';
import { readLeases } from '../../src/store/lease.ts';
import { type Bench, type Figure, quantile, sortNumbers } from './figure.ts';
import { type Link, openLink } from './link.ts';
import { openServer } from './open-server.ts';
import { openSession } from './open-session.ts';

const rounds = 7;
const tokensPerSecond = 1_000;
/** On a machine that has other work too. */
const startsWithinMs = 20_000;

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

/** The same as a host has it: asked, answered and read over `clew serve`. */
async function measureServed(): Promise<Figure> {
  const held = await openSession(10_000);
  const { session } = held;
  const server = await openServer(held);
  const ask = <M extends keyof Methods>(method: M, params: Methods[M]['params']) =>
    server.connection.sendRequest<Methods[M]['result']>(method, params);
  const times: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const begin = performance.now();
    const { seq, subscription } = await ask('trace/subscribe', { session });
    const { rows } = await ask('trace/snapshot', { session, seq });
    if (round > 0) times.push(performance.now() - begin);
    if (rows.length !== 10_001) throw new Error(`${rows.length} rows`);
    await ask('trace/unsubscribe', { subscription });
  }
  await server.close();
  await held.close();
  return {
    name: 'the same over clew serve, read and parsed',
    unit: 'ms',
    rounds: times,
    bar: { atMost: 200 },
  };
}

/** From the moment that a writer notes a step to the moment that a host has its row from another process. */
async function measureTold(): Promise<Figure> {
  const held = await openSession(100);
  const server = await openServer(held);
  const waiting = new Map<string, () => void>();
  server.connection.onNotification('agent_session:step:started', ({ row }: { row: TraceRow }) =>
    waiting.get(row.id)?.(),
  );
  await server.connection.sendRequest('trace/subscribe', { session: held.session });
  const times: number[] = [];
  for (let at = 0; at < 10 * rounds; at += 1) {
    const began = performance.now();
    const step = held.begin(at);
    await new Promise<void>((done) => void waiting.set(step, done));
    times.push(performance.now() - began);
  }
  await server.close();
  await held.close();
  return {
    name: 'a step is told in another process after',
    unit: 'ms',
    rounds: times,
    bar: { atMost: 100 },
  };
}

/** Sorted milliseconds from the agent's write to the editor's read, at 1,000 tokens a second. */
async function stream(link: Link): Promise<number[]> {
  const times: number[] = [];
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
  const order = { perSecond: tokensPerSecond, bytes: 300, seconds: 1 };
  await link.collect('_bench/steady', order, hear);
  if (times.length !== tokensPerSecond) throw new Error(`${times.length} tokens arrived`);
  return sortNumbers(times);
}

/** The thread that tells of progress starts beside the one that forwards, and may be later. */
async function awaitSocket(home: string): Promise<string> {
  for (const began = performance.now(); performance.now() - began < startsWithinMs; ) {
    const socket = findSocket(home);
    if (socket !== undefined) return socket;
    await sleep(20);
  }
  throw new Error('nobody tells of progress');
}

function findSocket(home: string): string | undefined {
  const workspaces = join(home, 'workspaces');
  const names = existsSync(workspaces) ? readdirSync(workspaces) : [];
  const leases = names.flatMap((name) => readLeases(join(workspaces, name, 'journal')));
  return leases.find(({ socket }) => socket !== undefined)?.socket;
}

/** The same two processes all along, in turns of a second, so that what disturbs the machine meets all alike. */
async function measureProgress(): Promise<Figure[]> {
  const found = { heard: [], unheard: [], noise: [], bareMs: [], heardMs: [], told: [] } as Record<
    string,
    number[]
  >;
  const [bare, clew] = [await openLink('bare'), await openLink('clew')];
  const socket = await awaitSocket(clew.home);
  for (const link of [bare, clew]) await stream(link);
  for (let round = 0; round < rounds; round += 1) {
    const before = quantile(await stream(bare), 0.5);
    const alone = quantile(await stream(clew), 0.5);
    let progress = 0;
    const hear = () => {
      progress += 1;
    };
    const hearing = hearProgress(socket, { hear, ended: () => undefined });
    const watched = quantile(await stream(clew), 0.5);
    hearing.close();
    const after = quantile(await stream(bare), 0.5);
    found.bareMs?.push(before);
    found.heardMs?.push(watched);
    found.heard?.push(watched / alone);
    found.unheard?.push(alone / before);
    found.noise?.push(after / before);
    found.told?.push(progress);
  }
  for (const link of [bare, clew]) await link.close();
  const series = (key: string) => found[key] ?? [];
  return [
    {
      name: '1,000 tokens a second, watched to unwatched, p50',
      unit: 'x',
      rounds: series('heard'),
      bar: { atMost: 1.2 },
    },
    { name: 'unwatched to bare, p50', unit: 'x', rounds: series('unheard') },
    { name: 'bare against itself, p50 (noise)', unit: 'x', rounds: series('noise') },
    { name: 'one way p50, bare', unit: 'ms', rounds: series('bareMs') },
    { name: 'one way p50, watched', unit: 'ms', rounds: series('heardMs') },
    { name: 'progress told', unit: '1/s', rounds: series('told'), bar: { atMost: 21 } },
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
      await measureServed(),
      await measureTold(),
      ...(await measureProgress()),
    ];
  },
};
