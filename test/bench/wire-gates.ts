/** What it costs to wait for the back thread at a gate. */
import { setTimeout as pause } from 'node:timers/promises';
import { type Bench, type Figure, quantile, sortNumbers } from './figure.ts';
import { type Link, openLink } from './link.ts';

const rounds = 12;
const perRound = 200;

const prompt = (id: number) =>
  `{"jsonrpc":"2.0","id":${id},"method":"session/prompt","params":{"sessionId":"s","prompt":[{"type":"text","text":"Please go on."}]}}\n`;

/** The agent asks the editor for something, and says when it has it. */
const errand = (method: string) => (id: number) =>
  `{"jsonrpc":"2.0","id":${id},"method":"_bench/write","params":{"method":"${method}","content":"${'text '.repeat(400)}"}}\n`;

async function measure(link: Link, line: (id: number) => string): Promise<number[]> {
  const times: number[] = [];
  for (let id = 0; id < perRound; id += 1) times.push((await run(link, line(id))) / 1e6);
  return sortNumbers(times);
}

/** Until the answer, with the agent's own request answered on the way. */
async function run(link: Link, line: string): Promise<number> {
  const begin = process.hrtime.bigint();
  return new Promise((done) => {
    const hear = (chunk: Buffer) => {
      const text = chunk.toString('latin1');
      const asked = /"id":"(w\d+)"/.exec(text);
      if (asked !== null && text.includes('"method"')) {
        link.child.stdin.write(`{"jsonrpc":"2.0","id":"${asked[1]}","result":null}\n`);
        return;
      }
      if (!text.endsWith('\n')) return;
      link.child.stdout.off('data', hear);
      done(Number(process.hrtime.bigint() - begin));
    };
    link.child.stdout.on('data', hear);
    link.child.stdin.write(line);
  });
}

/** Milliseconds between the last update and a write that the agent sends right behind it. */
function measureBehind(link: Link, lines: number): Promise<number> {
  return new Promise((done) => {
    let lastAt = performance.now();
    const hear = (chunk: Buffer) => {
      const isHere = chunk.includes('"id":"w7"');
      if (!isHere) lastAt = performance.now();
      if (!isHere) return;
      link.child.stdout.off('data', hear);
      link.child.stdin.write('{"jsonrpc":"2.0","id":"w7","result":null}\n');
      done(performance.now() - lastAt);
    };
    link.child.stdout.on('data', hear);
    const flood = { lines, bytes: 300, perWrite: 1 };
    const write = { method: 'fs/write_text_file', content: 'x' };
    const ask = (method: string, params: object, id?: number) =>
      `${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`;
    link.child.stdin.write(ask('_bench/flood', flood) + ask('_bench/write', write, 7));
  });
}

async function measureBehindAll(clew: Link): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const lines of [10_000, 100_000]) {
    const waits: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      waits.push(await measureBehind(clew, lines));
      // Until the recorder has caught up, so that each round begins alike.
      while ((await clew.ask(prompt(round))) > 5e6) await pause(50);
    }
    const megabytes = (lines * 300) / 1e6;
    figures.push({
      name: `a write right behind ${megabytes} MB is held`,
      unit: 'ms',
      rounds: waits,
    });
  }
  return figures;
}

export const wireGates: Bench = {
  name: 'wire-gates',
  about: 'session/prompt and fs/write_text_file, whose gates pass everything for now',
  async run() {
    const bare = await openLink('bare');
    const clew = await openLink('clew');
    const errands = [
      ['session/prompt', prompt],
      ['fs/write_text_file', errand('fs/write_text_file')],
      ['fs/read_text_file (no gate)', errand('fs/read_text_file')],
    ] as const;
    const figures: Figure[] = [];
    for (const [name, line] of errands) {
      await measure(bare, line);
      await measure(clew, line);
      const added50: number[] = [];
      const added99: number[] = [];
      for (let round = 0; round < rounds; round += 1) {
        const bareTimes = await measure(bare, line);
        const clewTimes = await measure(clew, line);
        added50.push(quantile(clewTimes, 0.5) - quantile(bareTimes, 0.5));
        added99.push(quantile(clewTimes, 0.99) - quantile(bareTimes, 0.99));
      }
      figures.push({ name: `${name}: added p50`, unit: 'ms', rounds: added50 });
      figures.push({ name: `${name}: added p99`, unit: 'ms', rounds: added99 });
    }
    figures.push(...(await measureBehindAll(clew)));
    await bare.close();
    await clew.close();
    return figures;
  },
};
