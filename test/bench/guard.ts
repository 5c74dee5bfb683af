/** What the stale-edit guard adds to a write that it lets through: the usual case, for somebody waits for it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Bench, type Figure, quantile, sortNumbers } from './figure.ts';
import { type Link, openLink } from './link.ts';

const rounds = 8;
const perRound = 60;

/** A source file of so many lines, different each time. */
const textOf = (lines: number, n: number) =>
  `${Array.from({ length: lines }, (_, at) => `const name${at} = ${at} + ${n};`).join('\n')}\n`;

/** From the agent's wish to write until it has its answer; the editor writes the file as it is told. */
function write(link: Link, id: number, content: string): Promise<number> {
  const path = join(link.workspace, 'source.ts');
  const params = { method: 'fs/write_text_file', path, content };
  const begin = process.hrtime.bigint();
  let text = '';
  return new Promise((done) => {
    const hear = (chunk: Buffer) => {
      text += chunk.toString('latin1');
      if (!text.endsWith('\n')) return;
      if (text.includes('"method":"fs/write_text_file"')) {
        text = '';
        writeFileSync(path, content);
        link.child.stdin.write(`{"jsonrpc":"2.0","id":"w${id}","result":null}\n`);
      } else if (text.includes(`"id":${id},`)) {
        link.child.stdout.off('data', hear);
        done(Number(process.hrtime.bigint() - begin) / 1e6);
      }
    };
    link.child.stdout.on('data', hear);
    const request = { jsonrpc: '2.0', id, method: '_bench/write', params };
    link.child.stdin.write(`${JSON.stringify(request)}\n`);
  });
}

async function measure(link: Link, lines: number, from: number): Promise<number> {
  const times: number[] = [];
  for (let n = 0; n < perRound; n += 1) times.push(await write(link, from + n, textOf(lines, n)));
  return quantile(sortNumbers(times), 0.5);
}

async function compare(lines: number): Promise<Figure[]> {
  const [bare, off, refuse] = [
    await openLink('bare'),
    await openLink('clew', { CLEW_STALE: 'off' }),
    await openLink('clew', { CLEW_STALE: 'refuse' }),
  ];
  const links = [bare, off, refuse] as const;
  let id = 1_000;
  const next = () => {
    id += perRound;
    return id;
  };
  // The first ones open the checkpoints, and are nobody's measure.
  for (const link of links) await measure(link, lines, next());
  const guarded: number[] = [];
  const whole: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const [pipe, open, shut] = [
      await measure(bare, lines, next()),
      await measure(off, lines, next()),
      await measure(refuse, lines, next()),
    ];
    guarded.push(shut - open);
    whole.push(shut - pipe);
  }
  for (const link of links) await link.close();
  const about = `a write of ${lines} lines`;
  return [
    { name: `${about}: the guard adds, p50`, unit: 'ms', rounds: guarded, bar: { atMost: 5 } },
    { name: `${about}: with the look before it, p50`, unit: 'ms', rounds: whole },
  ];
}

export const guard: Bench = {
  name: 'guard',
  about: 'fs/write_text_file over what the agent itself wrote last, with the guard and without',
  run: async () => [...(await compare(200)), ...(await compare(10_000))],
};
