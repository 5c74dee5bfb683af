/** How long an update is under way, when 20,000 of them come each second. */
import { type Bench, type Figure, quantile, sortNumbers } from './figure.ts';
import { type Kind, openLink } from './link.ts';

const rounds = 10;
const perSecond = 20_000;
const seconds = 3;

/** Sorted milliseconds from the agent's write to the editor's read. */
async function measure(kind: Kind): Promise<number[]> {
  const link = await openLink(kind);
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
  await link.collect('_bench/steady', { perSecond, seconds: 1, bytes: 300 });
  await link.collect('_bench/steady', { perSecond, seconds, bytes: 300 }, hear);
  await link.close();
  if (times.length !== perSecond * seconds) throw new Error(`${times.length} updates arrived`);
  return sortNumbers(times);
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
      const bare = await measure('bare');
      const clew = await measure('clew');
      const again = await measure('bare');
      found.p50.push(quantile(clew, 0.5) / quantile(bare, 0.5));
      found.p99.push(quantile(clew, 0.99) / quantile(bare, 0.99));
      found.noise.push(quantile(again, 0.99) / quantile(bare, 0.99));
      found.ms.push(quantile(clew, 0.99));
      found.bareMs.push(quantile(bare, 0.99));
    }
    const figures: Figure[] = [
      { name: 'one way p99', unit: 'x', rounds: found.p99, bar: { atMost: 1.5 } },
      { name: 'one way p50', unit: 'x', rounds: found.p50 },
      { name: 'bare against itself p99 (noise)', unit: 'x', rounds: found.noise },
      { name: 'one way p99, clew', unit: 'ms', rounds: found.ms },
      { name: 'one way p99, bare', unit: 'ms', rounds: found.bareMs },
    ];
    return figures;
  },
};
