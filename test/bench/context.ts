/** What it costs to keep track of what sessions have seen: guesses from commands, looks at files, the state store. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findReads } from '../../src/agents/shell/find-reads.ts';
import type { Event } from '../../src/contract/types.gen.ts';
import { openTracking } from '../../src/recorder/open-tracking.ts';
import type { Bench } from './figure.ts';
import { openPlace } from './link.ts';

const rounds = 3;
const files = 2_000;
const commands = 10_000;
const line = `/bin/bash -lc 'cd src && sed -n "1,200p" app/main.ts | head -20; rg -n "needle" app lib/a.ts'`;

const begin: Event = { type: 'session-opened', how: 'resume', agentSession: 'bench '.repeat(5) };
const start = (step: string, kind: string): Event => ({
  ...{ type: 'step-started', turn: 't', step, kind: 'tool' },
  tool: { call: step, announced: true, kind },
});
const end = (step: string): Event => ({
  ...{ type: 'step-ended', step, outcome: 'completed', afterMs: 1 },
});

async function measure() {
  const place = openPlace();
  const root = join(place.home, 'work');
  mkdirSync(root, { recursive: true });
  for (let n = 0; n < files; n += 1) writeFileSync(join(root, `f${n}.ts`), `${n}\n`.repeat(300));
  const open = () =>
    openTracking({
      rootOf: () => root,
      stateOf: () => join(place.home, 'state.db'),
      pid: process.pid,
      now: Date.now,
      write: () => undefined,
      say: (text) => process.stderr.write(`${text}\n`),
    });
  const guess = await timeOf(async () => {
    for (let n = 0; n < commands; n += 1) findReads(line, root);
  });
  const first = open();
  const tell = (event: Event) => first.watch({ session: 's', event });
  tell(begin);
  let told = 0;
  const read = await timeOf(async () => {
    for (let n = 0; n < files; n += 1) {
      told -= performance.now();
      tell(start(`r${n}`, 'read'));
      const claim = {
        path: join(root, `f${n}.ts`),
        operation: 'read',
        source: 'location',
      } as const;
      tell({ type: 'files-claimed', turn: 't', step: `r${n}`, claims: [claim] });
      tell(end(`r${n}`));
      told += performance.now();
      if (n % 50 === 49) await first.settle();
    }
  });
  tell(start('c', 'execute'));
  const command = await timeOf(async () => {
    tell(end('c'));
    await first.settle();
  });
  await first.close();
  const second = open();
  second.watch({ session: 's', event: begin });
  const load = await timeOf(() => second.seen.load('s'));
  const { size } = second.seen.list('s');
  if (size !== files) throw new Error(`${size} files were loaded, not ${files}`);
  await second.close();
  place.remove();
  return { guess: guess / commands, told: told / files, read: read / files, command, load };
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

export const context: Bench = {
  name: 'context',
  about: `what a session has seen: ${files} files`,
  async run() {
    const runs: Awaited<ReturnType<typeof measure>>[] = [];
    for (let round = 0; round < rounds; round += 1) runs.push(await measure());
    const all = (part: keyof (typeof runs)[number]) => runs.map((it) => it[part]);
    return [
      {
        name: 'a command is read for guesses',
        unit: 'ms',
        rounds: all('guess'),
        bar: { atMost: 1 },
      },
      {
        name: 'a read is told, on the thread',
        unit: 'ms',
        rounds: all('told'),
        bar: { atMost: 1 },
      },
      {
        name: 'a read is looked at, behind it',
        unit: 'ms',
        rounds: all('read'),
        bar: { atMost: 5 },
      },
      { name: 'after a command: 300 files again', unit: 'ms', rounds: all('command') },
      { name: 'an earlier run is loaded', unit: 'ms', rounds: all('load') },
    ];
  },
};
