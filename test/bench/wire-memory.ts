/** What the sidecar keeps in memory after a gigabyte of traffic. */
import { setTimeout as pause } from 'node:timers/promises';
import { readEvents } from '../whole/journals.ts';
import { readResident } from '../whole/process-table.ts';
import type { Bench } from './figure.ts';
import { openLink } from './link.ts';

const gigabyte = 1 << 30;
const pieces = 32;
const megabyte = 1 << 20;

export const wireMemory: Bench = {
  name: 'wire-memory',
  about: '1 GB of messages, tool calls and diffs from the agent; resident memory of the sidecar',
  async run() {
    const link = await openLink('clew');
    const idle = readResident(link.pid) / megabyte;
    const samples: number[] = [];
    let highest = 0;
    let passed = 0;
    const begin = performance.now();
    for (let from = 0; from < pieces; from += 1) {
      await link.collect('_bench/traffic', { bytes: gigabyte / pieces, from }, (chunk) => {
        passed += chunk.length;
      });
      const resident = readResident(link.pid) / megabyte;
      samples.push(resident);
      highest = Math.max(highest, resident);
    }
    const seconds = (performance.now() - begin) / 1_000;
    await pause(2_000);
    const rested = readResident(link.pid) / megabyte;
    await link.leave();
    const dropped = readEvents(link.home).reduce(
      (sum, event) => sum + (event.type === 'notes-dropped' ? event.bytes : 0),
      0,
    );
    await link.close();
    const mean = (values: readonly number[]) =>
      values.reduce((sum, value) => sum + value, 0) / values.length;
    const growth = mean(samples.slice(-pieces / 4)) - mean(samples.slice(pieces / 4, pieces / 2));
    return [
      {
        name: 'resident after 1 GB',
        unit: 'MB',
        rounds: [samples.at(-1) ?? 0],
        bar: { atMost: 160 },
      },
      { name: 'and two seconds later', unit: 'MB', rounds: [rested] },
      { name: 'highest seen', unit: 'MB', rounds: [highest] },
      { name: 'idle, before it', unit: 'MB', rounds: [idle] },
      {
        name: 'last quarter over the second (flat)',
        unit: 'MB',
        rounds: [growth],
        bar: { atMost: 10 },
      },
      { name: 'traffic', unit: 'MB', rounds: [passed / megabyte], bar: { atLeast: 1_024 } },
      { name: 'not recorded', unit: 'MB', rounds: [dropped / megabyte] },
      { name: 'took', unit: 's', rounds: [seconds] },
    ];
  },
};
