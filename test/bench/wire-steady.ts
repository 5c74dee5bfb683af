/** How long an update is under way, when 20,000 of them come each second. */
import { setTimeout as pause } from 'node:timers/promises';
import { type Bench, type Figure, quantile, sortNumbers } from './figure.ts';
import { type Link, openLink, openStamps } from './link.ts';

/** Each with programs of its own: where the system puts one decides half of what is measured. */
const rounds = 12;
/** Short turns of each, taken together into one round, so that what disturbs the machine meets all alike. */
const turns = 2;
/** What is still to be written down of one turn is not to burden the next. */
const restMs = 500;
const perSecond = 20_000;

/** Milliseconds from the agent's write to the editor's read, of one second. */
async function measure(link: Link): Promise<number[]> {
  const { hear, read } = openStamps();
  await pause(restMs);
  await link.collect('_bench/steady', { perSecond, seconds: 1, bytes: 300 }, hear);
  const times = read();
  if (times.length !== perSecond) throw new Error(`${times.length} updates arrived`);
  return times;
}

export const wireSteady: Bench = {
  name: 'wire-steady',
  about: '20,000 updates of 300 bytes each second',
  async run() {
    const found = {
      p50: [] as number[],
      p99: [] as number[],
      noise: [] as number[],
      ms: [] as number[],
      bareMs: [] as number[],
    };
    for (let round = 0; round < rounds; round += 1) {
      const links = [
        await openLink('bare'),
        await openLink('clew'),
        await openLink('bare'),
      ] as const;
      const [bare, clew, again] = links;
      for (const link of links) await measure(link);
      const times = new Map<Link, number[]>(links.map((link) => [link, []]));
      for (let turn = 0; turn < turns; turn += 1) {
        const order = turn % 2 === 0 ? [bare, clew, again] : [again, clew, bare];
        for (const link of order)
          times.set(link, [...(times.get(link) ?? []), ...(await measure(link))]);
      }
      const of = (part: number, ...which: Link[]) =>
        quantile(sortNumbers(which.flatMap((it) => times.get(it) ?? [])), part);
      // Against both that are bare: one alone is often half or twice the other.
      found.p50.push(of(0.5, clew) / of(0.5, bare, again));
      found.p99.push(of(0.99, clew) / of(0.99, bare, again));
      found.noise.push(of(0.99, again) / of(0.99, bare));
      found.ms.push(of(0.99, clew));
      found.bareMs.push(of(0.99, bare, again));
      for (const link of links) await link.close();
    }
    const added = found.ms.map((ms, round) => ms - (found.bareMs[round] ?? 0));
    const figures: Figure[] = [
      { name: 'one way p99', unit: 'x', rounds: found.p99, bar: { atMost: 1.5 } },
      { name: 'one way p50', unit: 'x', rounds: found.p50 },
      { name: 'bare against itself p99 (noise)', unit: 'x', rounds: found.noise },
      { name: 'one way p99, added', unit: 'ms', rounds: added, bar: { atMost: 50 } },
      { name: 'one way p99, clew', unit: 'ms', rounds: found.ms },
      { name: 'one way p99, bare', unit: 'ms', rounds: found.bareMs },
    ];
    return figures;
  },
};
