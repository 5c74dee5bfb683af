/** How much longer a request and its answer take, when nothing else is going on. */
import { setTimeout as pause } from 'node:timers/promises';
import { type Bench, type Figure, quantile, sortNumbers } from './figure.ts';
import { type Link, openLink } from './link.ts';

const rounds = 10;
/** Short turns of each, taken together into one round, so that what disturbs the machine meets all alike. */
const turns = 6;
const perTurn = 300;
const spaced = 40;

const request = (id: number) =>
  `{"jsonrpc":"2.0","id":${id},"method":"session/list","params":{"cwd":"/home/dev/project","cursor":"${'c'.repeat(100)}"}}\n`;

async function measure(link: Link, count: number, gapMs = 0): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < count; i += 1) {
    if (gapMs > 0) await pause(gapMs);
    times.push((await link.ask(request(i))) / 1e6);
  }
  return sortNumbers(times);
}

export const wireRoundTrip: Bench = {
  name: 'wire-round-trip',
  about: 'a request and its answer, against a bare pipe between the same two programs',
  async run() {
    const [bare, clew, again] = [
      await openLink('bare'),
      await openLink('clew'),
      await openLink('bare'),
    ];
    for (const link of [bare, clew, again]) await measure(link, 2_000);
    const found: Record<string, number[]> = {
      p50: [],
      p99: [],
      bare50: [],
      bare99: [],
      added: [],
      added99: [],
      spaced: [],
      noise: [],
    };
    for (let round = 0; round < rounds; round += 1) {
      const times = new Map<Link, number[]>([bare, clew, again].map((link) => [link, []]));
      for (let turn = 0; turn < turns; turn += 1) {
        const order = turn % 2 === 0 ? [bare, clew, again] : [again, clew, bare];
        for (const link of order) times.get(link)?.push(...(await measure(link, perTurn)));
      }
      const of = (link: Link, part: number) => quantile(sortNumbers(times.get(link) ?? []), part);
      found.p50?.push(of(clew, 0.5) / of(bare, 0.5));
      found.p99?.push(of(clew, 0.99) / of(bare, 0.99));
      found.bare50?.push(of(again, 0.5) / of(bare, 0.5));
      found.bare99?.push(of(again, 0.99) / of(bare, 0.99));
      found.added?.push(of(clew, 0.5) - of(bare, 0.5));
      found.added99?.push(of(clew, 0.99) - of(bare, 0.99));
    }
    for (let round = 0; round < 6; round += 1) {
      const bareTimes = await measure(bare, spaced, 20);
      const clewTimes = await measure(clew, spaced, 20);
      const againTimes = await measure(again, spaced, 20);
      found.spaced?.push(quantile(clewTimes, 0.5) / quantile(bareTimes, 0.5));
      found.noise?.push(quantile(againTimes, 0.5) / quantile(bareTimes, 0.5));
    }
    for (const link of [bare, clew, again]) await link.close();
    const figure = (name: string, key: string, bar?: Figure['bar']): Figure => ({
      name,
      unit: 'x',
      rounds: found[key] ?? [],
      ...(bar && { bar }),
    });
    return [
      figure('round trip p50', 'p50', { atMost: 1.2 }),
      figure('round trip p99', 'p99', { atMost: 1.5 }),
      figure('bare against itself p50 (noise)', 'bare50'),
      figure('bare against itself p99 (noise)', 'bare99'),
      { name: 'added to a round trip, p50', unit: 'ms', rounds: found.added ?? [] },
      {
        name: 'added to a round trip, p99',
        unit: 'ms',
        rounds: found.added99 ?? [],
        bar: { atMost: 5 },
      },
      figure('round trip p50, one every 20 ms', 'spaced'),
      figure('bare against itself p50, one every 20 ms (noise)', 'noise'),
    ];
  },
};
