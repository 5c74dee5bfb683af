/** What a host waits for a small answer, against a bare echo over the same library; and that memory stays. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Bench, quantile, sortNumbers } from './figure.ts';
import { openPlace } from './link.ts';
import { openServer, type Server } from './open-server.ts';

const rounds = 10;
/** Short turns of each, taken together into one round, so that what disturbs the machine meets all alike. */
const turns = 6;
const perTurn = 300;
/** In the issue it is a million: CLEW_BENCH_CALLS=1000000. */
const calls = Number(process.env.CLEW_BENCH_CALLS ?? 100_000);
const atOnce = 64;

const echo = join(import.meta.dirname, 'programs', 'echo-server.mjs');
const small = { messages: [{ role: 'user', content: 'x'.repeat(100) }], index: 0 };

async function measure({ connection }: Server, method: string, count: number): Promise<number[]> {
  const times: number[] = [];
  for (let n = 0; n < count; n += 1) {
    const began = performance.now();
    await connection.sendRequest(method, method === 'message/rewind' ? small : {});
    times.push(performance.now() - began);
  }
  return sortNumbers(times);
}

function readResidentMb({ pid }: Server): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
}

/** Several on the way at any time, as a busy host has. */
async function callMany(server: Server, count: number): Promise<void> {
  let left = count;
  const one = async () => {
    for (; 0 < left; ) {
      left -= 1;
      await server.connection.sendRequest('message/rewind', small);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, one));
}

export const rpc: Bench = {
  name: 'rpc',
  about:
    'a small method over clew serve, against a bare vscode-jsonrpc echo; and memory over many calls',
  async run() {
    const place = openPlace();
    const servers = {
      echo: await openServer(place, echo),
      clew: await openServer(place),
      again: await openServer(place, echo),
    };
    const all = Object.values(servers);
    for (const server of all) await measure(server, 'message/rewind', 2_000);
    const found = { p50: [], p99: [], noise: [], added: [], list: [] } as Record<string, number[]>;
    for (let round = 0; round < rounds; round += 1) {
      const times = new Map<Server, number[]>(all.map((it) => [it, []]));
      for (let turn = 0; turn < turns; turn += 1)
        for (const server of turn % 2 === 0 ? all : [...all].reverse())
          times.get(server)?.push(...(await measure(server, 'message/rewind', perTurn)));
      const of = (server: Server, part: number) =>
        quantile(sortNumbers(times.get(server) ?? []), part);
      found.p50?.push(of(servers.clew, 0.5) / of(servers.echo, 0.5));
      found.p99?.push(of(servers.clew, 0.99) / of(servers.echo, 0.99));
      found.noise?.push(of(servers.again, 0.5) / of(servers.echo, 0.5));
      found.added?.push(of(servers.clew, 0.5) - of(servers.echo, 0.5));
    }
    found.list?.push(...(await measure(servers.clew, 'session/list', 200)));

    await callMany(servers.clew, calls / 5);
    const early = readResidentMb(servers.clew);
    const began = performance.now();
    await callMany(servers.clew, (calls * 4) / 5);
    const perSecond = (calls * 4) / 5 / ((performance.now() - began) / 1_000);
    const grown = readResidentMb(servers.clew) - early;
    for (const server of all) await server.close();
    place.remove();

    const series = (key: string) => found[key] ?? [];
    return [
      { name: 'small method p50', unit: 'x', rounds: series('p50'), bar: { atMost: 1.5 } },
      { name: 'small method p99', unit: 'x', rounds: series('p99') },
      { name: 'echo against itself p50 (noise)', unit: 'x', rounds: series('noise') },
      { name: 'added to a round trip, p50', unit: 'ms', rounds: series('added') },
      { name: 'session/list of an empty workspace', unit: 'ms', rounds: series('list') },
      { name: `calls a second, ${atOnce} at once`, unit: '1/s', rounds: [perSecond] },
      { name: `resident after the first fifth of ${calls} calls`, unit: 'MB', rounds: [early] },
      {
        name: 'resident memory grown over the rest',
        unit: 'MB',
        rounds: [grown],
        bar: { atMost: 16 },
      },
    ];
  },
};
