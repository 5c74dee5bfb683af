/** How fast 100,000 updates pass, and whether every one of them is recorded. */
import { readEvents } from '../whole/journals.ts';
import type { Bench, Figure } from './figure.ts';
import { type Kind, openLink } from './link.ts';

const rounds = 7;
const lines = 100_000;
const bytes = 300;

type Run = { ms: number; recorded: number; dropped: number; journalMs: number };

async function flood(kind: Kind, perWrite: number): Promise<Run> {
  const link = await openLink(kind);
  await link.collect('_bench/flood', { lines: 2_000, bytes, perWrite });
  const begin = performance.now();
  await link.collect('_bench/flood', { lines, bytes, perWrite });
  const ms = performance.now() - begin;
  // Read before the folder goes: the sidecar has ended by then, and all is on the disk.
  await link.leave();
  const journalMs = performance.now() - begin - ms;
  const counted = kind === 'clew' ? countRecorded(link.home) : { recorded: 0, dropped: 0 };
  await link.close();
  return { ms, journalMs, ...counted };
}

/** Every update says its number; here they are counted, each once and in order. */
function countRecorded(home: string): { recorded: number; dropped: number } {
  let text = '';
  let dropped = 0;
  for (const event of readEvents(home)) {
    if (event.type === 'message-said') text += event.text;
    if (event.type === 'notes-dropped') dropped += event.lines;
  }
  let next = 0;
  for (const [, number] of text.slice(text.lastIndexOf('#0 ')).matchAll(/#(\d+) /g))
    if (Number(number) === next) next += 1;
  return { recorded: next, dropped };
}

async function compareFlood(perWrite: number, name: string): Promise<Figure[]> {
  const ratio: number[] = [];
  const noise: number[] = [];
  const rate: number[] = [];
  const recorded: number[] = [];
  const dropped: number[] = [];
  const behind: number[] = [];
  await flood('bare', perWrite);
  await flood('clew', perWrite);
  for (let round = 0; round < rounds; round += 1) {
    const bare = await flood('bare', perWrite);
    const clew = await flood('clew', perWrite);
    const again = await flood('bare', perWrite);
    ratio.push((bare.ms + again.ms) / 2 / clew.ms);
    noise.push(bare.ms / again.ms);
    rate.push(lines / (clew.ms / 1_000));
    recorded.push(clew.recorded);
    dropped.push(clew.dropped);
    behind.push(clew.journalMs);
  }
  return [
    { name: `${name}: throughput to bare`, unit: 'x', rounds: ratio, bar: { atLeast: 0.5 } },
    { name: `${name}: bare against itself (noise)`, unit: 'x', rounds: noise },
    { name: `${name}: updates a second`, unit: '1/s', rounds: rate, bar: { atLeast: 20_000 } },
    {
      name: `${name}: recorded of 100,000`,
      unit: 'lines',
      rounds: recorded,
      bar: { atLeast: lines },
      isStrict: true,
    },
    {
      name: `${name}: dropped`,
      unit: 'lines',
      rounds: dropped,
      bar: { atMost: 0 },
      isStrict: true,
    },
    { name: `${name}: until the journal is closed, after the last`, unit: 'ms', rounds: behind },
  ];
}

export const wireFlood: Bench = {
  name: 'wire-flood',
  about: '100,000 updates of 300 bytes as fast as the agent can write them',
  async run() {
    return [
      ...(await compareFlood(1, 'one write a line')),
      ...(await compareFlood(200, '60 KB a write')),
    ];
  },
};
