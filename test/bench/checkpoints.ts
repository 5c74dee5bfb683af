/** Checkpoints and restores against git's own ways, on generated repositories of three sizes, round by round. */
import { execFileSync } from 'node:child_process';
import { appendFileSync, lstatSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Engine, openEngine } from './checkpoint-engine.ts';
import { openGhost, openNative, openSeeded } from './checkpoint-peers.ts';
import { type Bench, type Figure, quantile, sortNumbers } from './figure.ts';
import { makeRepository, pathOf } from './make-repository.ts';

/** `CLEW_BENCH_FILES=10000` measures that size only, `CLEW_BENCH_ROUNDS=3` fewer rounds of it. */
const { CLEW_BENCH_FILES = '1000,10000,100000', CLEW_BENCH_ROUNDS = '20' } = process.env;
const allRounds = Number(CLEW_BENCH_ROUNDS);
const baselines = Math.min(3, allRounds);
const megabyte = 1e6;
/** A bar that holds where the issue sets it: at the largest size. */
type Bars = { readonly isLarge: boolean };

async function time(act: () => unknown): Promise<number> {
  const start = performance.now();
  await act();
  return performance.now() - start;
}

function pick(files: number, count: number, round: number): string[] {
  return Array.from({ length: count }, (_, index) => pathOf((round * 7919 + index * 811) % files));
}

let edits = 0;
function edit(root: string, paths: readonly string[]): void {
  edits += 1;
  for (const path of paths) appendFileSync(join(root, path), `// edit ${edits}\n`);
}

function ratios(peer: readonly number[], ours: readonly number[]): number[] {
  const count = Math.min(peer.length, ours.length);
  return Array.from({ length: count }, (_, at) => (peer[at] ?? 0) / (ours[at] ?? 1));
}

type Place = { readonly folder: string; readonly root: string; readonly files: number };

async function measureBaseline(place: Place, { isLarge }: Bars): Promise<Figure[]> {
  const { folder, root, files } = place;
  // What is only made once by a program that runs for days: files in the cache, and machine code, which is not
  // what it will be before a function was called with a second table and a third.
  const cold: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    const engine = await openEngine(join(folder, `warm-${round}`), root);
    await wait(300);
    cold.push(await time(() => engine.take()));
    await engine.close();
  }
  const native: number[] = [];
  const ours: number[] = [];
  let bytes = 0;
  for (let round = 0; round < baselines; round += 1) {
    const gitDir = join(folder, `baseline-${round}.git`);
    native.push(await time(() => openNative(gitDir, root).take()));
    rmSync(gitDir, { recursive: true });
    const engine = await openEngine(join(folder, `baseline-${round}`), root);
    // Its second thread starts up in the meantime, as it does between a start and the first prompt.
    await wait(300);
    ours.push(await time(() => engine.take()));
    bytes = engine.bytes();
    await engine.close();
  }
  const seeded = [await time(openSeeded(join(folder, 'once'), root).baseline)];
  return [
    { name: `${files}: baseline, the first of its process`, unit: 'ms', rounds: cold.slice(0, 1) },
    { name: `${files}: baseline`, unit: 'ms', rounds: ours },
    { name: `${files}: baseline, native git`, unit: 'ms', rounds: native },
    {
      name: `${files}: baseline, native git / ours`,
      unit: 'x',
      rounds: ratios(native, ours),
      ...(isLarge && { bar: { atLeast: 60 } }),
    },
    { name: `${files}: baseline, seeded / ours`, unit: 'x', rounds: ratios(seeded, ours) },
    {
      name: `${files}: disk for the baseline`,
      unit: 'MB',
      rounds: [bytes / megabyte],
      ...(isLarge && { bar: { atMost: 5 } }),
    },
  ];
}

type Sides = {
  readonly engine: Engine;
  readonly native: ReturnType<typeof openNative>;
  readonly ghost: ReturnType<typeof openGhost>;
  readonly seeded: ReturnType<typeof openSeeded>;
};

type Change = { readonly count: number; readonly rounds: number; readonly bars: ChangeBars };
type ChangeBars = {
  readonly known?: number;
  readonly p95Ms?: number;
  readonly swept?: number;
  readonly restored?: number;
};

const atLeast = (value: number | undefined) =>
  value === undefined ? {} : { bar: { atLeast: value } };

async function measureTakes(sides: Sides, place: Place, change: Change): Promise<Figure[]> {
  const { root, files } = place;
  const { count, rounds, bars } = change;
  const times = {
    known: [] as number[],
    swept: [] as number[],
    native: [] as number[],
    seeded: [] as number[],
    ghost: [] as number[],
  };
  for (let round = 0; round < rounds; round += 1) {
    const paths = pick(files, count, round + count);
    edit(root, paths);
    times.known.push(await time(() => sides.engine.take(paths)));
    times.native.push(await time(sides.native.take));
    times.seeded.push(await time(sides.seeded.take));
    if (round < 2) times.ghost.push(await time(sides.ghost.take));
    edit(root, paths);
    times.swept.push(await time(() => sides.engine.take()));
    sides.native.take();
    sides.seeded.take();
  }
  const what = `${files}: ${count} changed`;
  const p95 = quantile(sortNumbers(times.known), 0.95);
  return [
    { name: `${what}, known`, unit: 'ms', rounds: times.known },
    {
      name: `${what}, known, 95th of 100`,
      unit: 'ms',
      rounds: [p95],
      ...(bars.p95Ms !== undefined && { bar: { atMost: bars.p95Ms } }),
    },
    { name: `${what}, full sweep`, unit: 'ms', rounds: times.swept },
    { name: `${what}, native git`, unit: 'ms', rounds: times.native },
    {
      name: `${what}, native git / known`,
      unit: 'x',
      rounds: ratios(times.native, times.known),
      ...atLeast(bars.known),
    },
    { name: `${what}, seeded / known`, unit: 'x', rounds: ratios(times.seeded, times.known) },
    { name: `${what}, ghost / known`, unit: 'x', rounds: ratios(times.ghost, times.known) },
    {
      name: `${what}, native git / full sweep`,
      unit: 'x',
      rounds: ratios(times.native, times.swept),
      ...atLeast(bars.swept),
    },
  ];
}

function readTimes(root: string, paths: readonly string[]): bigint[] {
  return paths.map((path) => lstatSync(join(root, path), { bigint: true }).mtimeNs);
}

async function measureRestores(sides: Sides, place: Place, change: Change): Promise<Figure[]> {
  const { root, files } = place;
  const { count, bars } = change;
  const times = { ours: [] as number[], native: [] as number[] };
  const rewritten: number[] = [];
  for (let round = 0; round < Math.min(change.rounds, 5); round += 1) {
    const target = sides.engine.take();
    const paths = pick(files, count, round + 31);
    const chosen = new Set(paths);
    const others = Array.from({ length: files }, (_, id) => pathOf(id)).filter(
      (path) => !chosen.has(path),
    );
    const before = readTimes(root, others);
    edit(root, paths);
    times.ours.push(await time(() => sides.engine.restore(target)));
    const after = readTimes(root, others);
    rewritten.push(after.filter((mtime, at) => mtime !== before[at]).length);
    edit(root, paths);
    sides.native.take();
    times.native.push(await time(sides.native.restore));
  }
  const what = `${files}: restore of ${count}`;
  return [
    { name: `${what}, with sweep and safety`, unit: 'ms', rounds: times.ours },
    { name: `${what}, native git reset`, unit: 'ms', rounds: times.native },
    {
      name: `${what}, native git / ours`,
      unit: 'x',
      rounds: ratios(times.native, times.ours),
      ...atLeast(bars.restored),
    },
    {
      name: `${what}, untouched files rewritten`,
      unit: 'files',
      rounds: rewritten,
      bar: { atMost: 0 },
      isStrict: true,
    },
  ];
}

function measureThread(place: Place, { isLarge }: Bars): Figure[] {
  const { folder, root, files } = place;
  const program = fileURLToPath(new URL('./programs/checkpoint-thread.mjs', import.meta.url));
  const dist = fileURLToPath(new URL('../../dist', import.meta.url));
  const args = [program, dist, root, join(folder, 'thread'), ...pick(files, 10, 5)];
  const said = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }));
  return [
    {
      name: `${files}: main thread held up by it at most`,
      unit: 'ms',
      rounds: [said.longestMs],
      ...(isLarge && { bar: { atMost: 20 } }),
    },
    {
      name: `${files}: memory of the whole process at most`,
      unit: 'MB',
      rounds: [said.peakMb],
      ...(isLarge && { bar: { atMost: 220 } }),
    },
  ];
}

async function measureSize(files: number): Promise<Figure[]> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'clew-bench-')));
  const place = { folder, root: join(folder, 'work'), files };
  const isLarge = files >= 100_000;
  try {
    makeRepository(place.root, files);
    const figures = await measureBaseline(place, { isLarge });
    figures.push(...measureThread(place, { isLarge }));
    const sides: Sides = {
      engine: await openEngine(join(folder, 'ours'), place.root),
      native: openNative(join(folder, 'native.git'), place.root),
      ghost: openGhost(folder, place.root),
      seeded: openSeeded(folder, place.root),
    };
    sides.native.take();
    sides.seeded.baseline();
    sides.engine.take();
    const few: Change = {
      count: 10,
      rounds: allRounds,
      bars: isLarge ? { known: 40, p95Ms: 50, swept: 2.5, restored: 2 } : {},
    };
    const many: Change = {
      count: 1000,
      rounds: Math.min(5, allRounds),
      bars: isLarge ? { known: 5 } : {},
    };
    for (const change of files > 1000 ? [few, many] : [few]) {
      figures.push(...(await measureTakes(sides, place, change)));
      figures.push(...(await measureRestores(sides, place, change)));
    }
    await sides.engine.close();
    return figures;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export const checkpoints: Bench = {
  name: 'checkpoints',
  about: 'checkpoints and restores in generated repositories, against git itself in the same round',
  async run() {
    const figures: Figure[] = [];
    for (const size of CLEW_BENCH_FILES.split(','))
      figures.push(...(await measureSize(Number(size))));
    return figures;
  },
};
