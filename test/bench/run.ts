/** `npm run bench [name…] [--json]`: runs the benches whose names begin so, and holds their figures against the bars. */
import { cpus } from 'node:os';
import { attribution } from './attribution.ts';
import { checkpoints } from './checkpoints.ts';
import { context } from './context.ts';
import { drift } from './drift.ts';
import { type Bench, judgeFigure, printFigure } from './figure.ts';
import { hooks } from './hooks.ts';
import { journalAppend } from './journal-append.ts';
import { logQuery } from './log-query.ts';
import { rpc } from './rpc.ts';
import { trace } from './trace.ts';
import { wireDeath } from './wire-death.ts';
import { wireFlood } from './wire-flood.ts';
import { wireGates } from './wire-gates.ts';
import { wireMemory } from './wire-memory.ts';
import { wireRoundTrip } from './wire-round-trip.ts';
import { wireStartUp } from './wire-start-up.ts';
import { wireSteady } from './wire-steady.ts';

const benches: readonly Bench[] = [
  wireStartUp,
  wireRoundTrip,
  wireGates,
  wireDeath,
  wireFlood,
  wireSteady,
  wireMemory,
  journalAppend,
  logQuery,
  trace,
  hooks,
  drift,
  rpc,
  checkpoints,
  attribution,
  context,
];

const words = process.argv.slice(2);
const isJson = words.includes('--json');
const names = words.filter((word) => !word.startsWith('-'));
const chosen = benches.filter(
  ({ name }) => names.length === 0 || names.some((word) => name.startsWith(word)),
);
if (chosen.length === 0) {
  process.stderr.write(`no such bench; there are: ${benches.map(({ name }) => name).join(', ')}\n`);
  process.exit(2);
}

const say = (text: string) => (isJson ? process.stderr : process.stdout).write(`${text}\n`);
say(`node ${process.version}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown processor'}`);
say(
  `  ${''.padEnd(52)}${'min'.padStart(9)}${'median'.padStart(9)}${'max'.padStart(9)}        bar       (rounds)`,
);
const results = [];
for (const bench of chosen) {
  say(`${bench.name}: ${bench.about}`);
  const figures = (await bench.run()).map(judgeFigure);
  for (const figure of figures) say(printFigure(figure));
  results.push({ bench: bench.name, figures });
}
if (isJson) process.stdout.write(`${JSON.stringify(results, undefined, 2)}\n`);
const missed = results.flatMap(({ figures }) =>
  figures.filter(({ verdict }) => verdict === 'over' || verdict === 'under'),
);
say(
  missed.length === 0
    ? 'all bars are met'
    : `bars missed: ${missed.map(({ name }) => name).join('; ')}`,
);
process.exitCode = missed.length === 0 ? 0 : 1;
