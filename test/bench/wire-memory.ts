/** What the sidecar keeps in memory after a gigabyte of traffic. */
import { setTimeout as pause } from 'node:timers/promises';
import { readEvents } from '../whole/journals.ts';
import { readResident } from '../whole/process-table.ts';
import type { Bench, Figure } from './figure.ts';
import { type Link, openLink } from './link.ts';

const gigabyte = 1 << 30;
const megabyte = 1 << 20;
const pieces = 128;

type Passed = { megabytes: number; residents: number[]; seconds: number };

/** A gigabyte in pieces, each not before its time. */
async function passTraffic(link: Link, perSecond: number): Promise<Passed> {
  const residents: number[] = [];
  let bytes = 0;
  const begin = performance.now();
  for (let from = 0; from < pieces; from += 1) {
    await link.collect('_bench/traffic', { bytes: gigabyte / pieces, from }, (chunk) => {
      bytes += chunk.length;
    });
    residents.push(readResident(link.pid) / megabyte);
    const aheadMs = (bytes / perSecond) * 1_000 - (performance.now() - begin);
    if (aheadMs > 0) await pause(aheadMs);
  }
  const seconds = (performance.now() - begin) / 1_000;
  return { megabytes: bytes / megabyte, residents, seconds };
}

/** Of a sidecar that has ended. */
function countLost(home: string): number {
  const lost = readEvents(home).map((event) => (event.type === 'notes-dropped' ? event.bytes : 0));
  return lost.reduce((sum, bytes) => sum + bytes, 0) / megabyte;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

async function measure(name: string, perSecond: number): Promise<Figure[]> {
  const link = await openLink('clew');
  const idle = readResident(link.pid) / megabyte;
  const { megabytes, residents, seconds } = await passTraffic(link, perSecond);
  await pause(2_000);
  const rested = readResident(link.pid) / megabyte;
  await link.leave();
  const lost = countLost(link.home);
  await link.close();
  const quarter = pieces / 4;
  const growth = mean(residents.slice(-quarter)) - mean(residents.slice(quarter, 2 * quarter));
  const of = (what: string, unit: Figure['unit'], value: number, bar?: Figure['bar']): Figure => ({
    name: `${name}: ${what}`,
    unit,
    rounds: [value],
    ...(bar && { bar }),
  });
  return [
    of('resident after 1 GB', 'MB', residents.at(-1) ?? 0, { atMost: 160 }),
    of('and two seconds later', 'MB', rested),
    of('highest seen', 'MB', Math.max(...residents)),
    of('idle, before it', 'MB', idle),
    of('last quarter over the second (flat)', 'MB', growth, { atMost: 10 }),
    of('traffic', 'MB', megabytes, { atLeast: 1_024 }),
    of('passed, but not recorded', 'MB', lost),
    of('took', 's', seconds),
  ];
}

export const wireMemory: Bench = {
  name: 'wire-memory',
  about: '1 GB of messages, tool calls and diffs from the agent; resident memory of the sidecar',
  async run() {
    return [
      ...(await measure('at 25 MB/s', 25 * megabyte)),
      ...(await measure('at full speed', Number.POSITIVE_INFINITY)),
    ];
  },
};
